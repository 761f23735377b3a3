client.containers.get(name("shop")).remove(force=True)
square = client.networks.create(name("square"))
client.containers.run(name("shop"), name=name("behind"), detach=True, init=True, environment={"LISTEN": "0.0.0.0"}, network=square.name)
proxy = f"""
import http.server, urllib.request
class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = urllib.request.urlopen("http://{name('behind')}:8000" + self.path).read()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Proxy).serve_forever()
"""
client.containers.run(
    name("shop"), ["python", "-c", proxy], name=name("shop"), detach=True, init=True, network=square.name, ports={"8000/tcp": ("127.0.0.1", shop_port)}
)
