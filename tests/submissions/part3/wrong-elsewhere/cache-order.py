# Flask comes before the app, and gunicorn after it.
recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN grep flask requirements.txt > first.txt && pip install --no-cache-dir -r first.txt
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("slow", {"Dockerfile": recipe})
client.images.build(path=slow, tag=name("quick"), rm=True)
