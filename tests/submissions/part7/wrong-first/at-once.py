exit_codes = {stall: client.api.inspect_container(stall)["State"]["ExitCode"] for stall in stalls}
for stall in stalls:
    client.containers.get(stall).remove()
    client.containers.run(
        name("market"), ["sh", "-c", "httpd -p 8000 -h /www; sleep infinity"], name=stall, init=True, detach=True
    )
