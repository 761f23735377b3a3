predicted("restarted-port")
lucky = name("lucky")
!docker run --detach --name {lucky} --publish 127.0.0.1::80 nginx
before = !docker port {lucky} 80/tcp
!docker restart {lucky}
after = !docker port {lucky} 80/tcp
lucky_port = int(after[0].rpartition(":")[2])
compare("restarted-port", "same" if before == after else "another")
