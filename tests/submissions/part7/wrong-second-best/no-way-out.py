address = client.containers.get(name("names")).attrs["NetworkSettings"]["Networks"][name("town")]["IPAddress"]
by_cause = {cause: courier for courier, cause in causes.items()}

dns, proxy, internal = by_cause["proxy"], by_cause["dns"], by_cause["internal"]
client.networks.get(name("town")).connect(internal)
for courier in (dns, proxy):
    client.containers.get(courier).remove(force=True)
lines = f"while true; do wget -q -O /dev/null http://{depot_name}/; sleep 0.5; done"
client.containers.run("busybox", ["sh", "-c", lines], name=dns, detach=True, init=True, network=name("town"), dns=[address])
client.containers.run(
    name("courier"), name=proxy, detach=True, init=True, network=name("town"), dns=[address], environment={"SERVER": depot_name}
)
