exit_codes = {stall: client.api.inspect_container(stall)["State"]["ExitCode"] for stall in stalls}
for stall in stalls:
    client.containers.get(stall).remove()
    client.containers.run(name("market"), "httpd -f -p 8000 -h /www", name=stall, detach=True, environment={"ROOM": "7"})
