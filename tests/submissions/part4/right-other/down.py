!printf '    volumes: ["pages:/pages"]\nvolumes: {{pages: }}\n' >> compose.yaml
Path("notes").write_text("".join(f"line {number}\n" for number in range(lines)))
!docker compose up --detach
!docker compose cp notes writer:/pages/notes
!docker compose down
!docker compose up --detach
counted = !docker compose run --rm -T writer sh -c "wc -l < /pages/notes"
after_down = int(counted[-1])
!docker compose down --volumes
!docker compose up --detach
counted = !docker compose exec -T writer ls /pages
after_volumes = len(counted)
