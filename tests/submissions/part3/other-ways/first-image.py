# Compose, a user without rights, a cache mount, settings of gunicorn in a variable.
recipe = """\
FROM python:3.13-slim
WORKDIR /srv/www
RUN useradd --create-home web
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=bind,source=requirements.txt,target=/tmp/list.txt \\
    pip install -r /tmp/list.txt
COPY --chown=web . .
USER web
ENV GUNICORN_CMD_ARGS="--bind=:8000 --workers=2"
ENTRYPOINT ["python", "-m", "gunicorn"]
CMD ["app:app"]
"""
setup.write("app", {"Dockerfile": recipe, ".dockerignore": "Dockerfile\ncompose.yaml\n"})
compose = f"""\
services:
  app:
    build: .
    image: {name("app")}
    container_name: {name("app")}
    ports:
      - "127.0.0.1:{app_port}:8000"
"""
setup.write("app", {"compose.yaml": compose})
project = name("project-app")
!docker compose --project-name {project} --project-directory {app} up --detach --build
