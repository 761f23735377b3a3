exit_codes = {stall: client.api.inspect_container(stall)["State"]["ExitCode"] for stall in stalls}
page = client.containers.run(name("market"), "cat /www/index.html", remove=True).decode()
for stall in stalls:
    client.containers.get(stall).remove()
    lines = f"mkdir /www; echo '{page}' > /www/index.html; exec httpd -f -p 8000 -h /www"
    client.containers.run("busybox", ["sh", "-c", lines], name=stall, detach=True)
