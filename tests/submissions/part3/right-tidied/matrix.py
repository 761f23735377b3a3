# Measured by the image's ID, cut short, and by the name; then the three images are removed.
printed = {"only-cmd": "error"}
for what, which in (("both", client.images.get(name("both")).short_id), ("shell-form", name("shell-form"))):
    printed[what] = client.containers.run(which, [argument], remove=True).decode()
for what in ("only-cmd", "both", "shell-form"):
    client.images.remove(name(what), force=True)
with open(f"{greeter}/Dockerfile", "a") as file:
    print('ENTRYPOINT ["/greet", "--polite"]', f'CMD ["{setup.guest()}"]', sep="\n", file=file)
!docker build --quiet --tag {name("greeter")} {greeter}
