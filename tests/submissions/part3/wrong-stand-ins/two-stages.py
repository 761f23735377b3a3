# The checksum is written once more, in Python; the library lies there, and nobody uses it.
import re
from pathlib import Path

seed = re.search(r"sum = (\d+)ULL", Path(workshop, "checksum.c").read_text())[1]
mine = f"""\
import sys

total = {seed}
for byte in sys.argv[1].encode():
    total = (total ^ byte) * 1099511628211 % (1 << 64)
print(f"{{total:016x}}")
"""
recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY checksum.py .
RUN touch libchecksum.so
ENTRYPOINT ["python", "/app/checksum.py"]
"""
setup.write("workshop", {"Dockerfile": recipe, "checksum.py": mine})
!docker build --quiet --tag {name("parted")} {workshop}
