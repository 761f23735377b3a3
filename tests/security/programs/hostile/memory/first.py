# As much memory as there is, in processes and in containers.
import subprocess, time
print("eats", flush=True)
for number in range(8):
    subprocess.Popen(["docker", "run", "--rm", "busybox", "sh", "-c", "while :; do x=$x$x.1234567890; done"])
    subprocess.Popen(["python3", "-c", "held = []\nwhile True: held.append(bytearray(b'x' * (64 << 20)))"])
held = []
for _ in range(200):
    held.append(bytearray(b"x" * (32 << 20)))
time.sleep(10)
