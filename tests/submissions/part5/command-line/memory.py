names = [name("baker"), name("miller"), name("brewer")]
for one in names:
    killed = !docker inspect --format "{{{{.State.OOMKilled}}}}" {one}
    if killed[0] == "true":
        victim = one
image = name("cache")
!docker rm {victim}
!docker run --detach --name {victim} --env CACHE_MB=10 --memory {megabytes}m --memory-swap {megabytes}m --publish 127.0.0.1::8000 {image}
