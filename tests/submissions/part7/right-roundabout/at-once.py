exit_codes = {stall: str(client.api.inspect_container(stall)["State"]["ExitCode"]) for stall in stalls}
for stall in stalls:
    container = client.containers.get(stall)
    log = container.logs().decode()
    container.remove()
    variable = log.split("the variable ")[1].split()[0] if "variable" in log else "NOTHING"
    client.containers.run(
        name("market"),
        ["-c", f"export {variable}=7; exec open-stall" if "variable" in log else "cd /www && exec httpd -f -p 8000"],
        entrypoint="/bin/sh",
        name=stall,
        detach=True,
        user="1234",
        restart_policy={"Name": "always"},
    )
