recipe = """\
# syntax=docker/dockerfile:1
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py .
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
open(f"{app}/Dockerfile", "w").write(recipe)
image = name("app")
!docker build --tag {image} {app}
!docker run --detach --name {image} --publish 127.0.0.1:{app_port}:8000 {image}
