net = client.networks.create(name("net"))
client.containers.run("nginx", name=name("backend"), detach=True, network=net.name)
relay = f"""
import http.server, urllib.request
class Relay(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = urllib.request.urlopen("http://{name('backend')}" + self.path).read()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("0.0.0.0", 80), Relay).serve_forever()
"""
client.containers.run("python:3.13-slim", ["python", "-c", relay], name=name("relay"), detach=True, init=True, network=net.name)
client.containers.run(name("caller"), name=name("caller"), detach=True, init=True, network=net.name, environment={"BACKEND": name("relay")})
