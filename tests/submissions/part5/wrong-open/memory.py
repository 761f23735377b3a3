victim = next(name(n) for n in ("baker", "miller", "brewer") if client.containers.get(name(n)).attrs["State"]["OOMKilled"])
client.containers.get(victim).remove()
client.containers.run(
    name("cache"), name=victim, detach=True, environment={"CACHE_MB": "8"}, mem_limit=f"{megabytes}m", ports={8000: None},
)
