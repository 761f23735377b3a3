# Containers that are made and started apart, and tidied up; the greeter was wrong at first.
printed = {}
for what in ("only-cmd", "both", "shell-form"):
    container = client.containers.create(name(what), [argument])
    try:
        container.start()
        container.wait()
        printed[what] = container.logs().decode()
    except Exception:
        printed[what] = "error"
    container.remove(force=True)
start = f"""\
FROM busybox
COPY greet /
CMD ["/greet", "--polite", "{setup.guest()}"]
"""
setup.write("greeter", {"Dockerfile": start})
client.images.build(path=greeter, tag=name("greeter"), rm=True)
right = f"""\
FROM busybox:latest
WORKDIR /opt
ADD greet .
ENTRYPOINT ["./greet", "--polite"]
CMD ["{setup.guest()}"]
"""
setup.write("greeter", {"Dockerfile": right})
client.images.build(path=greeter, tag=name("greeter"), rm=True)
