# All bytes, all files, and logs.
import os, subprocess
subprocess.Popen(["docker", "run", "--detach", "--log-opt", "max-size=10g", "busybox", "yes", "0" * 200])
done = subprocess.run("docker run --rm busybox dd if=/dev/zero of=/big bs=1M count=900; dd if=/dev/zero of=big bs=1M count=900",
                      shell=True, capture_output=True, text=True)
print("filled", done.stderr[-200:], flush=True)
os.makedirs("many", exist_ok=True)
try:
    for number in range(500_000):
        open(f"many/{number}", "w").close()
except OSError as error:
    print("files:", number, error)
