!docker build --quiet --tag {name("app")} .
!docker network create {name("net")}
!docker run --detach --name {name("cache")} --network {name("net")} --network-alias cache redis:8
!docker run --detach --init --name {name("app")} --network {name("net")} --publish 127.0.0.1::8000 {name("app")}
