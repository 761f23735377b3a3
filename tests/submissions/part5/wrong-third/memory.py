states = {name(n): client.containers.get(name(n)).attrs["State"] for n in ("baker", "miller", "brewer")}
victim = next(n for n, state in states.items() if state["ExitCode"] == 137 and not state["OOMKilled"])
client.containers.get(victim).remove()
client.containers.run(
    name("cache"), name=victim, detach=True, environment={"CACHE_MB": "8"}, mem_limit=f"{megabytes}m",
    ports={8000: ("127.0.0.1", None)},
)
