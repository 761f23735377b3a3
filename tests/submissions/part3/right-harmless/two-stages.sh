# The library comes from the image that the set-up has built.
cd workshop-$RUN
cat > Dockerfile <<END
FROM whole-$RUN AS builder

FROM python:3.13-slim
LABEL about="two stages"
WORKDIR /app
COPY --from=builder /src/libchecksum.so .
COPY checksum.py .
HEALTHCHECK NONE
ENTRYPOINT ["python", "/app/checksum.py"]
CMD ["hello"]
END
docker build --tag parted-$RUN .
