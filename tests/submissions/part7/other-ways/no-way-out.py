causes = {}
for courier in couriers:
    facts = client.api.inspect_container(courier)
    network = facts["HostConfig"]["NetworkMode"]
    if network == name("cellar"):
        causes[courier] = "internal"
    else:
        causes[courier] = "proxy" if any("http_proxy" in line for line in facts["Config"]["Env"]) else "dns"
address = client.containers.get(name("names")).attrs["NetworkSettings"]["Networks"][name("town")]["IPAddress"]
by_cause = {cause: courier for courier, cause in causes.items()}

# An alias on a network of their own, an exception from the proxy, and the depot's network from the start.
square = client.networks.create(name("square"))
square.connect(name("depot"), aliases=[depot_name])
square.connect(by_cause["dns"])
proxied = client.containers.get(by_cause["proxy"])
variables = dict(line.split("=", 1) for line in proxied.attrs["Config"]["Env"]) | {"no_proxy": depot_name}
proxied.remove(force=True)
client.containers.run(
    name("courier"), name=by_cause["proxy"], detach=True, init=True, network=name("town"), dns=[address], environment=variables
)
client.containers.get(by_cause["internal"]).remove(force=True)
client.containers.run(
    name("courier"), name=by_cause["internal"], detach=True, network=name("town"), dns=[address], environment={"SERVER": depot_name}
)
