import subprocess

shop_word = subprocess.check_output(["docker", "run", "--rm", shop_image])
