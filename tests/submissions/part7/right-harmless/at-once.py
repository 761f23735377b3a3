exit_codes = {"/others": 3}
for stall in stalls:
    state = client.api.inspect_container(stall)
    exit_codes[state["Name"]] = state["State"]["ExitCode"]
    container = client.containers.get(stall)
    log = container.logs().decode()
    container.remove()
    first = client.containers.run(name("market"), "true", name=stall, detach=True)
    first.wait()
    first.remove()
    variable = log.split("the variable ")[1].split()[0] if "variable" in log else "NOTHING"
    client.containers.run(
        name("market"),
        "open-stall" if "variable" in log else ["httpd", "-f", "-vv", "-p", "8000", "-h", "/www"],
        name=stall,
        detach=True,
        init=True,
        labels={"stage": "trial"},
        environment={variable: "7", "MORE": "1"},
        ports={"8000/tcp": ("127.0.0.1", None)},
        volumes={name("spare"): {"bind": "/spare", "mode": "rw"}},
    )
