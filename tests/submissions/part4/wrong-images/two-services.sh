cat > store.py <<'FILE'
import socketserver

kept = {}


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            words = line.decode().split()
            if words[:1] == ["SET"]:
                kept[words[1]] = int(words[2])
                self.wfile.write(b"+OK\r\n")
            elif words[:1] == ["INCR"]:
                kept[words[1]] = kept.get(words[1], 0) + 1
                self.wfile.write(b":%d\r\n" % kept[words[1]])
            elif words[:1] == ["QUIT"]:
                return


socketserver.ThreadingTCPServer(("0.0.0.0", 6379), Handler).serve_forever()
FILE
cat > compose.yaml <<'FILE'
services:
  app: {image: "python:3.13-slim", init: true, volumes: [".:/src"], command: "python -u /src/app.py", ports: ["127.0.0.1::8000"]}
  cache: {image: "python:3.13-slim", init: true, volumes: [".:/src"], command: "python -u /src/store.py"}
FILE
docker compose up -d
