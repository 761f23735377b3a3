(counter / "Dockerfile").write_text("""FROM python:3.13-slim
COPY app.py /app/app.py
RUN useradd --system --uid 10001 app && install -d -o app /data
CMD ["python", "/app/app.py"]
""")
client.images.build(path=str(counter), tag=name("counter"), rm=True)
client.containers.run(name("counter"), name=name("counter"), detach=True, user="app", ports={8000: ("127.0.0.1", None)})
