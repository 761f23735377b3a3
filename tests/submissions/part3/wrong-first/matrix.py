printed = {what: setup.says(client, name(what), argument) for what in ("only-cmd", "both", "shell-form")}
recipe = f"""\
FROM busybox
COPY greet /greet
ENTRYPOINT /greet --polite {setup.guest()}
"""
setup.write("greeter", {"Dockerfile": recipe})
client.images.build(path=greeter, tag=name("greeter"), rm=True)
