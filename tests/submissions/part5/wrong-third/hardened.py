client.containers.run(
    name("kiosk"), name=name("kiosk"), detach=True, ports={8000: ("127.0.0.1", None)}, cap_drop=["ALL"],
    security_opt=["no-new-privileges"], read_only=True,
)
