pathlib.Path("site.yaml").write_text(f"""
services:
  site:
    image: nginx
    container_name: {name("site")}
    ports:
      - "127.0.0.1::80"
    volumes:
      - type: bind
        source: {site}
        target: /usr/share/nginx/html
        read_only: true
""")
project = name("project-site")
!docker compose --project-name {project} --file site.yaml up --detach
