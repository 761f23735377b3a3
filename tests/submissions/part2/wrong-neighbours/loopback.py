import subprocess, sys

client.containers.run("nginx", name=name("web"), detach=True, ports={"8080/tcp": ("127.0.0.1", None)})
subprocess.Popen([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(web_port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
