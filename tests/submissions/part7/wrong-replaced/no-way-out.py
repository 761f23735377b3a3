address = client.containers.get(name("names")).attrs["NetworkSettings"]["Networks"][name("town")]["IPAddress"]
by_cause = {cause: courier for courier, cause in causes.items()}

client.containers.get(name("depot")).remove(force=True)
client.containers.run("nginx", name=name("depot"), detach=True, network=name("town"))
for courier in couriers:
    client.containers.get(courier).remove(force=True)
    client.containers.run(
        name("courier"), name=courier, detach=True, init=True, network=name("town"), dns=[address], environment={"SERVER": depot_name}
    )
