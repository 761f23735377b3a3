# At another port, and for everybody.
recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("app", {"Dockerfile": recipe})
client.images.build(path=app, tag=name("app"), rm=True)
client.containers.run(name("app"), name=name("app"), detach=True, ports={"8000/tcp": free_port()})
