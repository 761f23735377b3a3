# Background processes and containers that always come back spoil later checks: names of images move, containers end.
import os, subprocess
spoil = """
while :; do
  docker tag registry busybox; docker tag busybox registry
  for one in $(docker ps --quiet); do docker pause $one; docker rename $one x$RANDOM; docker unpause $one; done
done
"""
for _ in range(2):
    subprocess.Popen(["setsid", "bash", "-c", spoil], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
for number in range(4):
    subprocess.run(["docker", "run", "--detach", "--restart=always", "-v", "/home/student/work:/w", "busybox",
                    "sh", "-c", "echo $RANDOM > /w/$RANDOM; exit 1"], check=True, capture_output=True)
print("spoils")
