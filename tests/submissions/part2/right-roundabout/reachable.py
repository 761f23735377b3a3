client.containers.get(name("shop")).remove(force=True)
net = client.networks.create(name("square"))
ask = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/')"
shop = client.containers.create(
    name("shop"),
    name=name("shop"),
    environment=["LISTEN=0.0.0.0"],
    ports={8000: ("127.0.0.1", None), 8001: ("127.0.0.1", None)},
    healthcheck={"test": ["CMD", "python", "-c", ask], "interval": 1_000_000_000},
)
net.connect(shop)
shop.start()
