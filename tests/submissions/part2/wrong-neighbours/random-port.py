predicted("restarted-port")
serve = ["python", "-m", "http.server", "80"]
lucky = client.containers.run("python:3.13-slim", serve, name=name("lucky"), detach=True, init=True, ports={"80/tcp": ("127.0.0.1", None)})
lucky.restart(timeout=1)
lucky.reload()
lucky_port = int(lucky.ports["80/tcp"][0]["HostPort"])
