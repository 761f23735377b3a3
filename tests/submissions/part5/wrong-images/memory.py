victim = next(name(n) for n in ("baker", "miller", "brewer") if client.containers.get(name(n)).attrs["State"]["OOMKilled"])
client.containers.get(victim).remove()
client.containers.run(name("kiosk"), name=victim, detach=True, mem_limit=f"{megabytes}m", ports={8000: ("127.0.0.1", None)})
