# An init in front of it, a health check, a limit, a directory of this machine, and another container with the same image.
from pathlib import Path

file = Path(clerk, "Dockerfile")
recipe = file.read_text().replace("CMD python /clerk.py", "HEALTHCHECK --interval=1s CMD true\nCMD exec python /clerk.py")
file.write_text("# The clerk\n" + recipe)
client.images.build(path=clerk, tag=name("clerk"), rm=True)
client.containers.get(name("clerk")).remove(force=True)
for what in ("clerk", "clerk-too"):
    client.containers.run(
        name("clerk"), name=name(what), detach=True, init=True, mem_limit="64m",
        volumes={str(Path(clerk).resolve()): {"bind": "/notes", "mode": "ro"}},
    )
