recipe = """\
# syntax=docker/dockerfile:1.7-labs
FROM python:3.13-slim AS builder
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
COPY requirements.txt checksum.c /src/
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir -r /src/requirements.txt
RUN gcc -shared -fPIC -O2 -o /opt/venv/libchecksum.so /src/checksum.c
FROM python:3.13-slim
RUN useradd --no-create-home calculator
COPY --from=builder /opt/venv /opt/venv
WORKDIR /opt/venv
COPY app.py .
USER calculator
ENTRYPOINT ["/opt/venv/bin/gunicorn", "app:app"]
CMD ["--bind", "0.0.0.0:8000", "--workers", "2"]
"""
setup.write("calculator", {"Dockerfile": recipe})
!docker build --quiet --tag {name("small")} {calculator}
