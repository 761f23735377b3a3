import io

victim = next(n for n in map(name, ("baker", "miller", "brewer")) if client.api.inspect_container(n)["State"]["OOMKilled"])
client.api.remove_container(victim)
smaller = f"FROM {name('cache')}\nENV CACHE_MB=5\n"
client.images.build(fileobj=io.BytesIO(smaller.encode()), tag=name("smaller"), rm=True)
client.containers.run(
    name("smaller"), name=victim, detach=True, mem_limit=megabytes * 1024 * 1024, restart_policy={"Name": "on-failure"},
    ports={8000: ("127.0.0.1", None)},
)
