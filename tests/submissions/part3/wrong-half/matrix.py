# Neither predicted nor measured.
printed = setup.printed_forms()
recipe = f"""\
FROM busybox
COPY greet /greet
ENTRYPOINT ["/greet", "--polite"]
CMD ["{setup.guest()}"]
"""
setup.write("greeter", {"Dockerfile": recipe})
client.images.build(path=greeter, tag=name("greeter"), rm=True)
