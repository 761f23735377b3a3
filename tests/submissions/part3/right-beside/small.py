# Library and app in the same place as before, packages by a list of requirements, and a named user.
recipe = """\
FROM python:3.13-slim AS builder
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -shared -fPIC -O3 -o libchecksum.so checksum.c
FROM python:3.13-slim AS packages
COPY requirements.txt .
RUN pip install --no-cache-dir --target /packages -r requirements.txt
FROM python:3.13-slim
COPY --from=packages /packages /packages
ENV PYTHONPATH=/packages
RUN useradd web
WORKDIR /home/web
COPY app.py .
COPY --from=builder /src/libchecksum.so .
USER web
CMD ["python", "-m", "gunicorn", "--bind=0.0.0.0:8000", "app:app"]
"""
setup.write("calculator", {"Dockerfile": recipe})
!docker build --quiet --tag {name("small")} {calculator}
