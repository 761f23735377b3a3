(counter / "Dockerfile").write_text("""FROM python:3.13-slim
COPY app.py /app/app.py
RUN install -d -o 10001 /data
USER 10001
CMD ["python", "/app/app.py"]
""")
!docker build --quiet --tag {name("counter")} {counter}
made = client.containers.create(name("counter"))
made.commit(repository=name("counter"), tag="latest", changes=["ENV BY_HAND=1"])
made.remove()
!docker run --detach --name {name("counter")} --publish 127.0.0.1::8000 {name("counter")}
