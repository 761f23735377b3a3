(counter / "Dockerfile").write_text("""# Counts visits.\r
FROM python:3.13-slim\r
\r
LABEL team=blue\r
RUN install --directory --owner=10001 --mode=775 /data && mkdir -m 1777 /scratch\r
WORKDIR /app\r
COPY . .\r
USER 10001\r
ENTRYPOINT python -u app.py\r
""")
(counter / ".dockerignore").write_text("Dockerfile\n.dockerignore\n.venv\n")
(counter / ".venv").mkdir()
(counter / ".venv" / "big").write_text("x")
!docker build --quiet --tag {name("counter")} {counter}
!docker run --detach --init --name {name("counter")} --label team=blue --add-host host.docker.internal:host-gateway --publish 127.0.0.1::8000 --publish 127.0.0.1::5000 {name("counter")}
