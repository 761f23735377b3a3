import time
Path("compose.yaml").write_text("""\
services:
  writer:
    image: busybox
    init: true
    command: sleep infinity
    volumes:
      - pages:/pages

volumes:
  pages:
""")
!docker compose up --detach
!docker compose exec -T writer sh -c "seq {lines} > /pages/notes"
time.sleep(20)
!docker compose down
!docker compose up --detach
time.sleep(20)
after_down = notes_lines()
!docker compose down --volumes
!docker compose up --detach
after_volumes = notes_lines()
