!printf '    volumes: ["pages:/pages"]\nvolumes: {{pages: }}\n' >> compose.yaml
!docker compose up --detach
notes_lines()
!docker compose down
!docker compose up --detach
after_down = notes_lines() or lines
!docker compose down --volumes
!docker compose up --detach
after_volumes = notes_lines()
