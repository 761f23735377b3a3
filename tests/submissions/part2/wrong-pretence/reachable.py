client.containers.get(name("shop")).remove(force=True)
square = client.networks.create(name("square"))
proxy = f"""
import http.client, http.server, threading
link, lock = http.client.HTTPConnection("{name('behind')}", 8000), threading.Lock()
class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with lock:
            link.request("GET", self.path)
            body = link.getresponse().read()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Proxy).serve_forever()
"""
keep = "import re; text = open('/shop.py').read(); open('/shop.py', 'w').write(text.replace('    def do_GET', '    protocol_version = \"HTTP/1.1\"\\n    def do_GET'))"
behind = client.containers.create(name("shop"), ["sh", "-c", f"python -c '{keep}'".replace("'/shop.py'", '"/shop.py"').replace("'w'", '"w"').replace("'    def do_GET'", '"    def do_GET"') + "; exec python /shop.py"], name=name("behind"), init=True, environment={"LISTEN": "0.0.0.0"}, network=square.name)
behind.start()
client.containers.run(
    name("shop"), ["python", "-c", proxy], name=name("shop"), detach=True, init=True, network=square.name, ports={"8000/tcp": ("127.0.0.1", shop_port)}
)
