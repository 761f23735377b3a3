# The bytes that docker-py returns are taken as they are; the program is called by a shell that passes all on.
printed = {"only-cmd": "error"}
for what in ("both", "shell-form"):
    printed[what] = client.containers.run(name(what), argument, remove=True)
try:
    client.containers.run(name("only-cmd"), argument, remove=True)
except Exception as error:
    print(error)
recipe = f"""\
FROM busybox
LABEL version=1
COPY --chown=1000 greet /usr/local/bin/
USER 1000
ENTRYPOINT ["sh", "-c", "exec /usr/local/bin/greet --polite \\"$@\\"", "greet"]
CMD ["{setup.guest()}"]
"""
setup.write("greeter", {"Dockerfile": recipe})
!docker build --quiet --label a=b --tag {name("greeter")} {greeter}
