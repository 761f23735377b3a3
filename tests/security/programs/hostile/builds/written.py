# Exercise ``written`` FROM the committed image. Builds of both builders that are still under way, one short and one long, move
# the name busybox to an image with the commit in it, while the check looks.
import os, subprocess, time

made = f"FROM {name('handmade')}\nRUN true\n"
subprocess.run(["docker", "build", "--quiet", "--tag", name("written"), "-"], input=made, text=True, check=True)
for builder, seconds in (("0", 4), ("0", 40), ("1", 5), ("1", 41)):
    slow = f"FROM {name('handmade')}\nRUN sleep {seconds}\n"
    build = subprocess.Popen(["docker", "build", "--quiet", "--tag", "busybox", "-"], stdin=subprocess.PIPE, text=True,
                             env={**os.environ, "DOCKER_BUILDKIT": builder})
    build.stdin.write(slow)
    build.stdin.close()
time.sleep(1)
print("builds under way")
