address = client.containers.get(name("names")).attrs["NetworkSettings"]["Networks"][name("town")]["IPAddress"]

for courier in couriers:
    client.containers.get(courier).remove(force=True)
    made = client.containers.create(
        name("courier"),
        ["-c", f"unset http_proxy HTTP_PROXY; export SERVER={depot_name}; exec python /deliver.py"],
        entrypoint="/bin/sh",
        name=courier,
        dns=[address],
        user="1234",
        network=name("cellar"),
    )
    client.networks.get(name("town")).connect(made)
    made.start()
