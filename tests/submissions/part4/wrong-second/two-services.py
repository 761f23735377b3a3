!docker build --quiet --tag {name("app")} .
!docker run --detach --name {name("cache")} redis:8
!docker run --detach --init --name {name("app")} --link {name("cache")}:cache --publish 127.0.0.1::8000 {name("app")}
