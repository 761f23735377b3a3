(messenger / "compose.yaml").write_text(f"""
services:
  messenger:
    build:
      context: .
      dockerfile_inline: |
        FROM python:3.13-slim
        WORKDIR /srv
        COPY --chown=10001 app.py .
        USER 10001
        CMD ["python", "-u", "app.py"]
    image: {name("envoy")}
    container_name: {name("messenger")}
    read_only: true
    restart: unless-stopped
    ports: ["127.0.0.1::8000"]
    secrets: [key]
secrets:
  key:
    file: ./key.txt
""")
project = name("project-messenger")
!docker compose --project-name {project} --project-directory {messenger} --file {messenger}/compose.yaml up --detach --build
