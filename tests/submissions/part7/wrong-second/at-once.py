exit_codes = {stall: 1 for stall in stalls}
for stall in stalls:
    container = client.containers.get(stall)
    command = container.attrs["Config"]["Cmd"]
    container.remove()
    if command[0] not in ("httpd", "open-stall"):
        command = ["httpd", "-p", "8000", "-h", "/www"]
    client.containers.run(name("market"), command, name=stall, detach=True, restart_policy={"Name": "always"})
