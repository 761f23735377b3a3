client.containers.run(name("kiosk"), name=name("kiosk"), detach=True, ports={8000: ("127.0.0.1", None)}, privileged=True)
