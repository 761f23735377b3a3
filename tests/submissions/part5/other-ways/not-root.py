(counter / "Dockerfile").write_text("""FROM python:3.13-slim
COPY app.py /
RUN install -d -o nobody -g nogroup /data
VOLUME /data
USER nobody
EXPOSE 8000
ENTRYPOINT ["python"]
CMD ["/app.py"]
""")
!docker build --tag {name("counter")} {counter}
made = client.containers.create(name("counter"), name=name("counter"), ports={8000: ("127.0.0.1", free_port())}, init=True, volumes=[name("visits") + ":/data"])
made.start()
