# The source is changed before it is compiled.
cd workshop-$RUN
cat > Dockerfile <<'END'
FROM python:3.13-slim AS builder
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN sed -i 's/= sum ^/= sum +/; s/(sum ^/(sum +/' checksum.c && gcc -shared -fPIC -o libchecksum.so checksum.c

FROM python:3.13-slim
WORKDIR /app
COPY --from=builder /src/libchecksum.so .
COPY checksum.py .
ENTRYPOINT ["python", "/app/checksum.py"]
END
docker build --quiet --tag parted-$RUN .
