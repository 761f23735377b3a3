# A start script whose last line is exec, and a small init in front of it.
import pathlib

file = pathlib.Path(clerk, "Dockerfile")
start = "#!/bin/sh\necho starting\nexec python /clerk.py\n"
recipe = file.read_text().replace("CMD python /clerk.py", 'COPY start.sh /\nCMD ["sh", "/start.sh"]')
setup.write("clerk", {"Dockerfile": recipe, "start.sh": start})
client.images.build(path=clerk, tag=name("clerk"), rm=True)
client.containers.get(name("clerk")).remove(force=True)
client.containers.run(name("clerk"), name=name("clerk"), detach=True, init=True, stop_signal="SIGTERM")
