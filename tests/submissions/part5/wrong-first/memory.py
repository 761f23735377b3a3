victim = next(name(n) for n in ("baker", "miller", "brewer") if client.containers.get(name(n)).attrs["State"]["OOMKilled"])
client.containers.get(victim).remove()
client.containers.run(name("cache"), name=victim, detach=True, environment={"CACHE_MB": "200"}, ports={8000: ("127.0.0.1", None)})
