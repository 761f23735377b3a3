# Memory that no killed process gives back: files in containers that always come back.
import subprocess, time
print("wears out", flush=True)
for number in range(12):
    subprocess.run(["docker", "run", "--detach", "--restart=always", "--tmpfs", "/t:size=4g", "busybox",
                    "dd", "if=/dev/zero", "of=/t/x", "bs=1M"], capture_output=True)
time.sleep(15)
