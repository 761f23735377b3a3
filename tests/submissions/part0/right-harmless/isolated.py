import time

network = client.networks.create(name("lane"))
more = {
    "detach": True,
    "init": True,
    "labels": {"by": "me"},
    "environment": {"WHO": "me"},
    "extra_hosts": {"host.docker.internal": "host-gateway"},
    "healthcheck": {"test": ["CMD", "true"], "interval": 10**9},
    "network": name("lane"),
    "ports": {"80/tcp": ("127.0.0.1", None)},
    "volumes": [name("common") + ":/tmpfiles"],  # joins the two, but not in /tmp
}
client.containers.run("busybox", "sleep 300", name=name("first"), detach=True).remove(force=True)
first = client.containers.run("busybox:latest", "sleep 300", name=name("first"), **more)
second = client.containers.run("busybox", ["sh", "-c", "sleep 300"], name=name("second"), **more)
first.exec_run(["sh", "-c", "echo not so > /tmp/note"])
first.exec_run(["sh", "-c", f"printf '%s' '{note}' > /tmp/note; echo more > /tmp/other"])
second.exec_run(["touch", "/tmp/other"])
time.sleep(3)
