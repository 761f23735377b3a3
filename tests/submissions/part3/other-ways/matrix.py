# A start script that ends with exec, its default inside.
printed = {what: setup.says(client, name(what), argument) for what in ("only-cmd", "both", "shell-form")}
start = f"""\
#!/bin/sh
if [ $# -eq 0 ]; then
    set -- {setup.guest()}
fi
exec /bin/greet --polite "$@"
"""
recipe = """\
FROM busybox
COPY greet start.sh /bin/
ENTRYPOINT ["sh", "/bin/start.sh"]
"""
setup.write("greeter", {"Dockerfile": recipe, "start.sh": start})
client.images.build(path=greeter, tag=name("greeter"), rm=True)
for question in printed:
    display(compare(question, printed[question]))
