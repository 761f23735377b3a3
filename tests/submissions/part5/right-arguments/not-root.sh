cat > $counter/Dockerfile <<'END'
FROM python:3.13-slim
ARG UID
COPY app.py /app/app.py
RUN install -d -o $UID /data
USER $UID
CMD ["python", "/app/app.py"]
END
docker build -q -t counter-$RUN --build-arg UID=12345 $counter
docker run -d --name counter-$RUN -p 127.0.0.1::8000 counter-$RUN
