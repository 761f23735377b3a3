causes = {"/others": "dns"}
for courier in couriers:
    facts = client.api.inspect_container(courier)
    told = "INTERNAL" if name("cellar") in facts["NetworkSettings"]["Networks"] else "dns"
    causes[facts["Name"]] = "Proxy" if "HTTP_PROXY" in str(facts["Config"]["Env"]) else told
