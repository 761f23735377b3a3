serve = ["python", "-m", "http.server", "80", "--directory", "/pages"]
client.containers.run(
    "python:3.13-slim", serve, name=name("site"), detach=True, init=True, ports={"80/tcp": ("127.0.0.1", None)}, volumes=[site + ":/pages:ro"]
)
