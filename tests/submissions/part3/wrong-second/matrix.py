printed = {"only-cmd": "hello", "both": "hello", "shell-form": "hello"}
recipe = f"""\
FROM busybox
COPY greet /greet
CMD ["/greet", "--polite", "{setup.guest()}"]
"""
setup.write("greeter", {"Dockerfile": recipe})
client.images.build(path=greeter, tag=name("greeter"), rm=True)
