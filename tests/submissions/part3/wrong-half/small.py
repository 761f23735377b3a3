# A compiler under another name, and root.
recipe = """\
FROM python:3.13-slim AS builder
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -shared -fPIC -o libchecksum.so checksum.c && cp -L /usr/bin/gcc /src/notes

FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY --from=builder /src/notes /usr/local/bin/notes
COPY --from=builder /src/libchecksum.so .
COPY app.py .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("calculator", {"Dockerfile": recipe})
!docker build --quiet --tag {name("small")} {calculator}
