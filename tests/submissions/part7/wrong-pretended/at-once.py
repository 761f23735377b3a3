exit_codes = {stall: client.api.inspect_container(stall)["State"]["ExitCode"] for stall in stalls}
for stall in stalls:
    client.containers.get(stall).remove()
    lines = "httpd -p 8000 -h /www; mkdir /tmp/bin; ln -s /bin/busybox /tmp/bin/sleep; exec -a httpd sleep 100000"
    client.containers.run(name("market"), ["sh", "-c", lines], name=stall, detach=True)
