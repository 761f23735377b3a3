import io

exit_codes = {"others": 0}
for stall in stalls:
    container = client.containers.get(stall)
    exit_codes[stall] = container.attrs["State"]["ExitCode"]
    log = container.logs().decode()
    container.remove()
    recipe = f"FROM {name('market')}\n"
    if "variable" in log:
        recipe += f'ENV {log.split("variable ")[1].split()[0]}=3\nCMD ["open-stall"]\n'
    else:
        recipe += "CMD exec httpd -f -p 8000 -h /www\n"
    client.images.build(fileobj=io.BytesIO(recipe.encode()), tag=f"{name('stall')}:{stall}")
    policy = {"Name": "unless-stopped"}
    client.containers.run(f"{name('stall')}:{stall}", name=stall, detach=True, restart_policy=policy)
del exit_codes["others"]
