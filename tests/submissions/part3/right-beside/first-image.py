# A virtual environment to try the app in, left out of the context; settings in a file; a user without rights.
from pathlib import Path

for number in range(700):
    module = Path(app, "venv", f"lib{number % 9}", f"module{number}.py")
    module.parent.mkdir(parents=True, exist_ok=True)
    module.write_text("pass\n")
recipe = """\
FROM docker.io/library/python:3.13-slim
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --requirement requirements.txt
COPY . .
USER 1000
CMD ["gunicorn", "app:app"]
"""
conf = 'bind = "0.0.0.0:8000"\nworkers = 2\n'
setup.write("app", {"Dockerfile": recipe, ".dockerignore": "venv\n.git\n", "gunicorn.conf.py": conf})
!docker build --quiet --tag {name("app")} {app}
!docker run --detach --name {name("app")} --publish 127.0.0.1:{app_port}:8000 {name("app")}
