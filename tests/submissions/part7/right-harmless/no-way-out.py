address = client.containers.get(name("names")).attrs["NetworkSettings"]["Networks"][name("town")]["IPAddress"]

for courier in couriers:
    client.containers.get(courier).remove(force=True)
    client.containers.run(
        name("courier"),
        name=courier,
        detach=True,
        network=name("town"),
        dns=[address, "192.0.2.1"],
        environment={"SERVER": depot_name, "MORE": "1"},
        extra_hosts={"host.docker.internal": "host-gateway"},
        labels={"stage": "trial"},
        restart_policy={"Name": "always"},
        mem_limit="128m",
    )
