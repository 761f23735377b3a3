recipe = """\
FROM python:3.13-slim AS builder
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -shared -fPIC -o libchecksum.so checksum.c

FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY --from=builder /src/libchecksum.so .
COPY app.py .
USER 1000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("calculator", {"Dockerfile": recipe})
display(views.build(name("small"), calculator, target="builder"))
