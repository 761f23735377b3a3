net, other = (client.networks.create(name(what)) for what in ("net", "other"))
backend = client.containers.create("nginx", name=name("backend"), network=net.name, restart_policy={"Name": "always"})
other.connect(backend)
caller = client.containers.create(
    name("caller"), ["call"], name=name("caller"), init=True, network=other.name, environment={"BACKEND": name("backend") + "." + net.name}
)
net.connect(caller)
caller.start()
backend.start()
