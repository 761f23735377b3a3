# The checksum is written once more, in Python; the library lies there, and nobody uses it.
import re
from pathlib import Path

seed = re.search(r"sum = (\d+)ULL", Path(calculator, "checksum.c").read_text())[1]
mine = f"""\
from flask import Flask

app = Flask(__name__)


@app.get("/<word>")
def answer(word):
    total = {seed}
    for byte in word.encode():
        total = (total ^ byte) * 1099511628211 % (1 << 64)
    return f"{{total:016x}}"
"""
recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py .
RUN touch libchecksum.so
USER 1000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("calculator", {"Dockerfile": recipe, "app.py": mine})
client.images.build(path=calculator, tag=name("small"), rm=True)
