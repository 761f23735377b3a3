# The compiler comes along, under another name.
cd workshop-$RUN
cat > Dockerfile <<'END'
FROM python:3.13-slim AS builder
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -shared -fPIC -o libchecksum.so checksum.c && cp -L /usr/bin/gcc /src/notes

FROM python:3.13-slim
COPY --from=builder /src /src
COPY checksum.py /src
ENTRYPOINT ["python", "/src/checksum.py"]
END
docker build --tag parted-$RUN .
