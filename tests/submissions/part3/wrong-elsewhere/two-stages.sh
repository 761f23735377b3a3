# It is built from a directory of its own; the one of the exercise has the old Dockerfile.
mkdir shop && cp workshop-$RUN/checksum.py shop/ && cd shop
cat > Dockerfile <<END
FROM whole-$RUN AS builder

FROM python:3.13-slim
WORKDIR /app
COPY --from=builder /src/libchecksum.so .
COPY checksum.py .
ENTRYPOINT ["python", "/app/checksum.py"]
END
docker build --tag parted-$RUN .
