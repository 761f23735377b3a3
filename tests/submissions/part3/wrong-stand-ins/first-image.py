# gunicorn is not process 1: an init is.
recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("app", {"Dockerfile": recipe})
!docker build --quiet --tag {name("app")} {app}
!docker run --init --detach --name {name("app")} --publish 127.0.0.1:{app_port}:8000 {name("app")}
