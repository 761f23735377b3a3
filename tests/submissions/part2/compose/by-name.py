pathlib.Path("net.yaml").write_text(f"""
services:
  pages:
    image: nginx
    container_name: {name("backend")}
  caller:
    image: {name("caller")}
    container_name: {name("caller")}
    environment:
      BACKEND: pages
networks:
  default:
    name: {name("net")}
""")
project = name("project-net")
!docker compose --project-name {project} --file net.yaml up --detach
