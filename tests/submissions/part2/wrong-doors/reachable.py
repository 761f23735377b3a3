client.containers.get(name("shop")).remove(force=True)
program = client.containers.run(name("shop"), ["cat", "/shop.py"], remove=True).decode()
secret = next(line for line in client.images.get(name("shop")).attrs["Config"]["Env"] if line.startswith("SHOP_SECRET"))
client.containers.run(
    "python:3.13-slim",
    ["python", "-c", program],
    name=name("shop"),
    detach=True,
    init=True,
    environment=[secret, "LISTEN=0.0.0.0"],
    ports={"8000/tcp": ("127.0.0.1", shop_port)},
)
