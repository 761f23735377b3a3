cat > compose.override.yaml <<'FILE'
services:
  web: {networks: {front: {}}}
  api: {networks: {front: {priority: 10}, back: {}}}
  db: {networks: {back: {ipv4_address: 10.79.3.9, aliases: [primary-data]}}}
  cache: {networks: [back]}
  vectors: {networks: [back]}
  shell: {image: busybox, init: true, command: sleep infinity, networks: [back]}
networks:
  front: {labels: {side: outer}}
  back: {internal: true, ipam: {config: [{subnet: 10.79.3.0/24}]}}
FILE
docker compose down; docker compose up -d --wait
