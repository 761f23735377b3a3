cd workshop-$RUN
cat > Dockerfile <<'END'
# syntax=docker/dockerfile:1
FROM python:3.13-slim AS builder
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
RUN --mount=type=bind,source=checksum.c,target=checksum.c gcc -shared -fPIC -o libchecksum.so checksum.c

FROM python:3.13-slim
WORKDIR /app
COPY --link --from=builder --chmod=755 /src/libchecksum.so ./
COPY --link checksum.py ./
ENTRYPOINT ["python", "checksum.py"]
END
docker build --tag parted-$RUN .
