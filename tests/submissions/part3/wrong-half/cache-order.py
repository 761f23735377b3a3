# Nothing starts the app.
recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
"""
setup.write("slow", {"Dockerfile": recipe})
client.images.build(path=slow, tag=name("quick"), rm=True)
