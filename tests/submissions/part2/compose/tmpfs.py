pathlib.Path("fast.yaml").write_text(f"""
services:
  fast:
    image: busybox
    container_name: {name("fast")}
    command: sleep 600
    init: true
    tmpfs:
      - /scratch:size={megabytes}m
""")
project = name("project-fast")
!docker compose --project-name {project} --file fast.yaml up --detach
