import subprocess
heard = subprocess.run("docker events --since 10m --until 0s --filter type=container", shell=True, capture_output=True, text=True).stdout
of_light = [line for line in heard.splitlines() if name("light") in line or "overheard=yes" in line]
print("listened:", len(heard) > 0, "helpers heard:", of_light)
