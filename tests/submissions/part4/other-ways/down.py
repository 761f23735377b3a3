Path("compose.yaml").write_text("""
services:
  writer:
    image: busybox
    init: true
    command: sleep infinity
    volumes:
      - type: volume
        source: pages
        target: /pages
volumes:
  pages: {}
""")
writer = f"{Path(pages).name}-writer-1"
!docker compose up --detach
client.containers.get(writer).exec_run(["sh", "-c", f"seq {lines} > /pages/notes"])
!docker compose down && docker compose up --detach
after_down = len(client.containers.get(writer).exec_run("cat /pages/notes").output.split())
!docker compose down --volumes && docker compose up --detach
after_volumes = len(client.containers.get(writer).exec_run("ls /pages").output.split())
