# The program is copied from the first stage as well, and is itself the entry point of the second.
cd workshop-$RUN
cat > Dockerfile <<'END'
FROM python:3.13-slim AS builder
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -shared -fPIC -o libchecksum.so checksum.c
COPY checksum.py .

FROM python:3.13-slim
COPY --from=builder /src/libchecksum.so /src/checksum.py /opt/
USER nobody
ENTRYPOINT ["python", "/opt/checksum.py"]
END
docker build --tag parted-$RUN .
