courier = client.containers.get(name("courier"))
leak = "label" if leaked in str(courier.attrs["Config"]["Env"]) else "environment"
