client.containers.get(name("shop")).remove(force=True)
repaired = name("shop-repaired")
text = f"FROM {name('shop')}\nENV LISTEN=::\nRUN sed -i 's/http.server.ThreadingHTTPServer/Server/; s/^LISTEN/import socket\\nclass Server(http.server.ThreadingHTTPServer):\\n    address_family = socket.AF_INET6\\nLISTEN/' /shop.py\n"
import io

client.images.build(fileobj=io.BytesIO(text.encode()), tag=repaired, rm=True)
client.containers.run(repaired, name=name("shop"), detach=True, ports={"8000/tcp": ("127.0.0.1", None)})
