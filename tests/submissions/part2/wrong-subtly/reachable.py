proxy = """
import http.server, urllib.request
class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = urllib.request.urlopen("http://127.0.0.1:8000" + self.path).read()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
http.server.HTTPServer(("0.0.0.0", 9000), Proxy).serve_forever()
"""

client.containers.get(name("shop")).remove(force=True)
shop = client.containers.run(name("shop"), name=name("shop"), detach=True, init=True, ports={"9000/tcp": ("127.0.0.1", shop_port)})
shop.exec_run(["python", "-c", proxy], detach=True)
