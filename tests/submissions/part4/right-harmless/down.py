!printf '    volumes: ["pages:/pages"]\nvolumes: {{pages: }}\n' >> compose.yaml
!docker compose up --detach
!docker compose down --volumes
!docker compose up --detach
!docker compose exec -T writer sh -c "seq {lines} > /pages/notes"
!docker compose down
!docker compose up --detach
after_down = notes_lines()
!docker compose down --volumes
!docker compose up --detach
after_volumes = notes_lines()
!docker compose down
!docker compose up --detach
