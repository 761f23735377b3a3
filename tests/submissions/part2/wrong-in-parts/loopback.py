import subprocess, sys, time
from http.client import HTTPConnection

code = f"""
import http.server, socketserver
socketserver.TCPServer(("127.0.0.1", {web_port}), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
server = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
for _ in range(100):
    try:
        HTTPConnection("127.0.0.1", web_port, timeout=1).connect()
        break
    except OSError:
        time.sleep(0.2)
try:
    client.containers.run("nginx", name=name("web"), detach=True, ports={"80/tcp": ("127.0.0.1", web_port)})
except Exception as error:
    print(error)
