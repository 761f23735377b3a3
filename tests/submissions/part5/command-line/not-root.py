text = """FROM python:3.13-slim
RUN groupadd --gid 3000 app && useradd --uid 3000 --gid app --no-create-home app
WORKDIR /srv/app
COPY --chown=app:app app.py .
RUN mkdir /data && chown 3000:3000 /data && chmod 700 /data
USER 3000:3000
CMD ["python", "app.py"]
"""
(counter / "Dockerfile").write_text(text)
image = name("counter")
!docker build --quiet --tag {image} {counter}
!docker run --detach --name {image} --publish 127.0.0.1::8000 {image}
