address = client.containers.get(name("names")).attrs["NetworkSettings"]["Networks"][name("town")]["IPAddress"]
by_cause = {cause: courier for courier, cause in causes.items()}

for courier in (by_cause["dns"], by_cause["proxy"]):
    client.containers.get(courier).remove(force=True)
    client.containers.run(
        name("courier"), name=courier, detach=True, init=True, network=name("town"), dns=[address], environment={"SERVER": depot_name}
    )
lines = f"echo 'server {{ listen 80; location / {{ proxy_set_header Host {depot_name}; proxy_pass http://{name('depot')}; }} }}' > /etc/nginx/conf.d/default.conf; exec nginx -g 'daemon off;'"
relay = client.containers.run("nginx", ["sh", "-c", lines], name=name("relay"), detach=True, network=name("town"))
client.networks.get(name("cellar")).connect(relay, aliases=[depot_name])
