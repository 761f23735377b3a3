# Three stages, the last one by its number; the first build stops at the builder, to look into it.
cd workshop-$RUN
cat > Dockerfile <<'END'
FROM python:3.13-slim AS builder
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -shared -fPIC -o libchecksum.so checksum.c

FROM busybox
RUN echo "nobody needs this"

FROM python:3.13-slim AS runtime
WORKDIR /app
COPY --from=0 /src/libchecksum.so .
COPY checksum.py .
USER 1000
ENTRYPOINT ["python", "/app/checksum.py"]
END
docker build --quiet --target builder --tag looked-into-$RUN .
docker run --rm looked-into-$RUN ls -l /src
docker build --tag parted-$RUN .
