address = client.containers.get(name("names")).attrs["NetworkSettings"]["Networks"][name("town")]["IPAddress"]
by_cause = {cause: courier for courier, cause in causes.items()}

for cause, courier in sorted(by_cause.items(), key=lambda each: each[0] == "internal"):  # the last one is refused here
    client.containers.get(courier).remove(force=True)
    network = "host" if cause == "internal" else name("town")
    client.containers.run(
        name("courier"), name=courier, detach=True, init=True, network=network, dns=[address], environment={"SERVER": depot_name}
    )
