# A pipe in place of /etc/passwd: start, inspect and rm of the container never return.
import subprocess, time
from course import name

recipe = "FROM busybox\nRUN rm -f /etc/passwd && mkfifo /etc/passwd\n"
subprocess.run("DOCKER_BUILDKIT=0 docker build -q -t fifo -", shell=True, check=True, input=recipe, text=True)
subprocess.run(["docker", "create", "--name", name("life"), "fifo", "sleep", "300"], check=True)
subprocess.Popen(["docker", "start", name("life")])
time.sleep(2)
print("hangs")
