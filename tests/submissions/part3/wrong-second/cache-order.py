recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
COPY app.py .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("slow", {"Dockerfile": recipe})
image = name("quick")
!docker build --tag {image} {slow}
