sed -i 's/^  web:$/&\n    networks: [door]/; s/^  api:$/&\n    networks: [door, inner]/
s/^  db:$/&\n    networks: [inner]/; s/^  cache:$/&\n    networks: [inner]/; s/^  vectors:$/&\n    networks: [inner]/' compose.yml
cat >> compose.yml <<'END'
networks:
  door: {}
  inner: {internal: true}
END
docker compose up -d --wait
