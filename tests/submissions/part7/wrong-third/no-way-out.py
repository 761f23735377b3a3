depot = client.containers.get(name("depot")).attrs["NetworkSettings"]["Networks"][name("town")]["IPAddress"]
for courier in couriers:
    client.containers.get(courier).remove(force=True)
    client.containers.run(
        name("courier"), name=courier, detach=True, init=True, network=name("town"), environment={"SERVER": depot}
    )
