exit_codes = {stall: client.api.inspect_container(stall)["State"]["ExitCode"] for stall in stalls}
recipe = f"FROM {name('market')}\nRUN cp /srv/numbered/index.html /www/index.html\nCMD [\"httpd\", \"-f\", \"-p\", \"8000\", \"-h\", \"/www\"]\n"
!printf '{recipe}' | docker build --quiet --tag {name("market")} -
for stall in stalls:
    client.containers.get(stall).remove()
    client.containers.run(name("market"), name=stall, detach=True)
