exit_codes = {stall: client.api.inspect_container(stall)["State"]["ExitCode"] for stall in stalls}
exit_codes[stalls[0]], exit_codes[stalls[1]] = exit_codes[stalls[1]], exit_codes[stalls[0]]
for stall in stalls:
    client.containers.get(stall).remove()
    lines = "while true; do httpd -f -p 8000 -h /www; sleep 0.1; done"
    client.containers.run(name("market"), ["sh", "-c", lines], name=stall, detach=True, init=True)
