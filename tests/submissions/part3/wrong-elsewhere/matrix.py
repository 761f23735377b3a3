# No default: without an argument it greets nobody.
printed = {what: setup.says(client, name(what), argument) for what in ("only-cmd", "both", "shell-form")}
setup.write("greeter", {"Dockerfile": 'FROM busybox\nCOPY greet /\nENTRYPOINT ["/greet", "--polite"]\n'})
client.images.build(path=greeter, tag=name("greeter"), rm=True)
