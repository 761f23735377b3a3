recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py .
CMD ["gunicorn", "app:app"]
"""
setup.write("app", {"Dockerfile": recipe})
image = name("app")
!docker build --tag {image} {app}
!docker run --detach --name {image} --publish 127.0.0.1:{app_port}:8000 {image}
