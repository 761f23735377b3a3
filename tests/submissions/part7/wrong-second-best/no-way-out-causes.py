causes = {}
for courier in couriers:
    facts = client.api.inspect_container(courier)
    network = facts["HostConfig"]["NetworkMode"]
    if network == name("cellar"):
        causes[courier] = "internal"
    else:
        causes[courier] = "proxy" if any("http_proxy" in line for line in facts["Config"]["Env"]) else "dns"

swap = {"dns": "proxy", "proxy": "dns", "internal": "internal"}
causes = {courier: swap[cause] for courier, cause in causes.items()}
