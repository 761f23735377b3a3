# An image whose helper containers could be heard, with a word that is looked for.
import subprocess
recipe = 'FROM busybox\nLABEL overheard=yes\nCMD ["echo", "said-to-the-examiner"]\n'
subprocess.run(["docker", "build", "--quiet", "--tag", name("light"), "-"], input=recipe, text=True, check=True)
