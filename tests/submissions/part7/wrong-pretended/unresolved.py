networks = [list(client.containers.get(name(what)).attrs["NetworkSettings"]["Networks"])[0] for what in ("stock", "asker")]
relay = f"""
import http.server, urllib.request
class Relay(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = urllib.request.urlopen("http://{name('stock')}" + self.path).read()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("0.0.0.0", 80), Relay).serve_forever()
"""
made = client.containers.run("python:3.13-slim", ["python", "-c", relay], name=name("relay"), detach=True, init=True, network=networks[0])
client.networks.get(networks[1]).connect(made, aliases=[name("stock")])
