recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py .
EXPOSE 8000
CMD ["python", "app.py"]
"""
setup.write("app", {"Dockerfile": recipe})
client.images.build(path=app, tag=name("app"), rm=True)
client.containers.run(name("app"), name=name("app"), detach=True, ports={"8000/tcp": ("127.0.0.1", app_port)})
