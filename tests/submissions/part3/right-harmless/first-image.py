# A debugger's port is published beside the app's, and the Dockerfile has the line ends of Windows.
recipe = """\
# The app of this course
FROM python:3.13-slim

LABEL maintainer="somebody"
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py .
EXPOSE 5678 8000
HEALTHCHECK --interval=1h CMD ["python", "-c", "pass"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
""".replace("\n", "\r\n")
with open(f"{app}/Dockerfile", "w", newline="") as file:
    file.write(recipe)
tag = name("app")
client.images.build(path=app, tag=tag, rm=True, labels={"stage": "test"})
ports = {"5678/tcp": ("127.0.0.1", None), "8000/tcp": ("127.0.0.1", app_port)}
client.containers.run(tag, name=tag, detach=True, ports=ports, labels={"a": "b"}, environment={"GREETING": "Good day"})
