!printf '    volumes: ["pages:/pages"]\nvolumes: {{pages: }}\n' >> compose.yaml
!docker compose up -d
!docker compose exec -T writer sh -c "seq {lines} > /pages/notes"
!docker compose down
!docker compose up -d
counted = !docker compose exec -T writer sh -c "wc -l < /pages/notes"
after_down = int(counted[0])
!docker compose down -v
!docker compose up -d
after_volumes = notes_lines()
