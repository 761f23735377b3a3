# The builder's packages go below a prefix of their own, and from there to where Python looks.
recipe = """\
# syntax=docker/dockerfile:1.7-labs
FROM python:3.13-slim AS builder
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
COPY . /src
WORKDIR /src
RUN gcc -shared -fPIC -o libchecksum.so checksum.c \\
 && pip install --no-cache-dir --prefix=/install -r requirements.txt
FROM python:3.13-slim
RUN groupadd --system web && useradd --system --gid web --home-dir /app web
COPY --from=builder /install /usr/local
COPY --from=builder /src/libchecksum.so /src/app.py /app/
WORKDIR /app
USER web:web
ENTRYPOINT ["python", "-m", "gunicorn"]
CMD ["--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("calculator", {"Dockerfile": recipe})
!docker build --quiet --tag {name("small")} {calculator}
