exit_codes = {stall: client.api.inspect_container(stall)["State"]["ExitCode"] for stall in stalls}
for stall in stalls[:2]:
    client.containers.get(stall).remove()
    client.containers.run(name("market"), "sleep infinity", name=stall, init=True, detach=True)
