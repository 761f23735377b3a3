(counter / "Dockerfile").write_text("""FROM python:3.13-slim
COPY app.py /app/app.py
RUN mkdir /data && chmod 777 /data
USER 10001
CMD ["python", "/app/app.py"]
""")
client.images.build(path=str(counter), tag=name("counter"), rm=True)
client.containers.run(name("counter"), name=name("counter"), detach=True, ports={8000: ("127.0.0.1", None)})
