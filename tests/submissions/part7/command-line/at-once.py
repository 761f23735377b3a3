exit_codes = {}
for stall in stalls:
    code = !docker inspect --format "{{{{.State.ExitCode}}}}" {stall}
    exit_codes[stall] = int(code[0])
for stall, code in exit_codes.items():
    if code == 1:
        log = !docker logs {stall} 2>&1
        variable = log[0].split("variable ")[1].split()[0]
        !docker rm {stall}
        !docker run --detach --name {stall} --env {variable}=12 {name("market")} open-stall
    else:
        !docker rm {stall}
        !docker run --detach --init --name {stall} {name("market")} httpd -f -p 8000 -h /www
