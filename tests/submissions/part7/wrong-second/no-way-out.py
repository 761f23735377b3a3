address = client.containers.get(name("names")).attrs["NetworkSettings"]["Networks"][name("town")]["IPAddress"]
by_cause = {cause: courier for courier, cause in causes.items()}

for cause, courier in by_cause.items():
    client.containers.get(courier).remove(force=True)
    network = "host" if cause == "internal" else name("town")
    client.containers.run(
        name("courier"), name=courier, detach=True, init=True, network=network, dns=[address], environment={"SERVER": depot_name}
    )
