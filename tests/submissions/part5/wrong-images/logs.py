program = "import http.server; http.server.HTTPServer(('', 8000), http.server.SimpleHTTPRequestHandler).serve_forever()"
!docker run --detach --name {name("teller")} --log-opt max-size={kilobytes}k --log-opt max-file={files} --publish 127.0.0.1::8000 python:3.13-slim python -u -c "{program}"
