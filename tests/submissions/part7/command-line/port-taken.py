found = !docker ps --filter publish={taken} --format "{{{{.Names}}}}"
holder = found[0]
!docker rm {name("kiosk")}
!docker run --detach --init --name {name("kiosk")} --publish 127.0.0.1::8000 {name("kiosk")}
