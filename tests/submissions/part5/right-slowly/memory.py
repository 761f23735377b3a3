victim = None
for one in map(name, ("baker", "miller", "brewer")):
    state = client.api.inspect_container(one)["State"]
    asked = [e for e in client.events(since=0, until=int(time.time()) + 1, filters={"container": one, "event": "kill"}, decode=True)]
    if state["ExitCode"] == 137 and not asked:
        victim = one
client.containers.get(victim).remove()
client.containers.run(
    name("cache"), name=victim, detach=True, environment={"CACHE_MB": str(megabytes // 3)}, mem_limit=f"{megabytes}m",
    nano_cpus=200_000_000, ports={8000: ("127.0.0.1", None)},
)
