(counter / "Dockerfile").write_text("""FROM python:3.13-slim
COPY app.py /app/app.py
RUN mkdir /data
USER 10001
CMD ["python", "/app/app.py"]
""")
!docker build --quiet --tag {name("counter")} {counter}
!docker run --detach --name {name("counter")} --publish 127.0.0.1::8000 {name("counter")}
