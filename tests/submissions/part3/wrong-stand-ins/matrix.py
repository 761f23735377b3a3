# A shell greets in the place of the program, which is not there.
printed = {what: setup.says(client, name(what), argument) for what in ("only-cmd", "both", "shell-form")}
recipe = f"""\
FROM busybox
ENTRYPOINT ["sh", "-c", "for who in \\"$@\\"; do echo \\"Dear [$who]\\"; done", "--"]
CMD ["{setup.guest()}"]
"""
setup.write("greeter", {"Dockerfile": recipe})
client.images.build(path=greeter, tag=name("greeter"), rm=True)
