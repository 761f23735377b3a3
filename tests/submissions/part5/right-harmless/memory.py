found = !docker inspect --format "{{{{.Name}}}} {{{{.State.OOMKilled}}}}" {name("baker")} {name("miller")} {name("brewer")}
victim = next(line.split()[0] for line in found if line.endswith("true"))
!docker rm {victim}
!docker run --detach --init --name {victim[1:]} --env CACHE_MB=4 --memory {megabytes * 1024}k --publish 127.0.0.1::8000 --publish 127.0.0.1::5000 --restart unless-stopped --health-cmd "true" {name("cache")}
