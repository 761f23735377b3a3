serve = ["python", "-u", "-m", "http.server", "80"]
client.containers.run("python:3.13-slim", serve, name=name("web"), detach=True, init=True, ports={"80/tcp": ("127.0.0.1", web_port)})
