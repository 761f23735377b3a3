(counter / "Dockerfile").write_text("""FROM python:3.13-slim
COPY --chmod=777 app.py /opt/counter/app.py
RUN install -d -o 10001 -m 700 /data
USER 10001
CMD ["python", "/opt/counter/app.py"]
""")
!docker build --quiet --tag {name("counter")} {counter}
!docker run --detach --name {name("counter")} --publish 8000 {name("counter")}
