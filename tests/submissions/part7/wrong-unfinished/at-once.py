exit_codes = {stall: client.api.inspect_container(stall)["State"]["ExitCode"] for stall in stalls}
for stall, code in exit_codes.items():
    container = client.containers.get(stall)
    if code == 0:
        container.remove()
        client.containers.run(name("market"), "httpd -f -p 8000 -h /www", name=stall, detach=True)
    elif code == 1:
        variable = container.logs().decode().split("the variable ")[1].split()[0]
        container.remove()
        client.containers.run(name("market"), "open-stall", name=stall, detach=True, environment={variable: "7"})
