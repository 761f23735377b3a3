import pathlib

pathlib.Path("web.yaml").write_text(f"""
services:
  web:
    image: nginx
    container_name: {name("web")}
    ports:
      - "127.0.0.1:{web_port}:80"
""")
project = name("project-web")
!docker compose --project-name {project} --file web.yaml up --detach
