# The clerk is run by another way to write it, as another user, and is started again before the check.
from pathlib import Path

file = Path(clerk, "Dockerfile")
file.write_text(file.read_text().replace("CMD python /clerk.py", 'USER 1000\nENTRYPOINT ["python", "-u"]\nCMD ["/clerk.py"]'))
tag = name("clerk")
!docker build --quiet --tag {tag} {clerk}
!docker rm --force {tag}
!docker run --detach --stop-timeout 20 --restart unless-stopped --name {tag} {tag}
!docker restart {tag}
