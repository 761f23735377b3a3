recipe = """\
# syntax=docker/dockerfile:1.7
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
open(f"{slow}/Dockerfile", "w").write(recipe)
image = name("quick")
!cd {slow} && docker build --tag {image} .
