predicted("restarted-port")
lucky = name("lucky")
!docker run --detach --name {lucky} --publish 127.0.0.1::80 --restart unless-stopped nginx
!docker kill {lucky}; docker start {lucky}
found = !docker inspect --format '{{{{(index (index .NetworkSettings.Ports "80/tcp") 0).HostPort}}}}' {lucky}
lucky_port = int(found[0])
