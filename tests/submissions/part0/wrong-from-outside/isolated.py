first = client.containers.run("debian:trixie-slim", "sleep 300", name=name("first"), detach=True)
second = client.containers.run("debian:trixie-slim", "sleep 300", name=name("second"), detach=True)
first.exec_run(["sh", "-c", f"echo '{note}' > /tmp/note"])
