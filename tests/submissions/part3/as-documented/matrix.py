printed = {"only-cmd": "error"}
for what in ("both", "shell-form"):
    image = name(what)
    lines = !docker run --rm {image} {argument}
    printed[what] = lines[0]
guest = setup.guest()
recipe = f"""\
# syntax=docker.io/docker/dockerfile:1
FROM busybox
WORKDIR /srv
COPY greet .
ENTRYPOINT ["./greet", "--polite"]
CMD ["{guest}"]
"""
open(f"{greeter}/Dockerfile", "w").write(recipe)
image = name("greeter")
!docker build -t {image} {greeter}
