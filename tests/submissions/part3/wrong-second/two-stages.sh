# The library stays in the first stage.
cd workshop-$RUN
cat > Dockerfile <<'END'
FROM python:3.13-slim AS builder
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -shared -fPIC -o libchecksum.so checksum.c

FROM python:3.13-slim
WORKDIR /app
COPY checksum.py .
ENTRYPOINT ["python", "/app/checksum.py"]
END
docker build --tag parted-$RUN .
