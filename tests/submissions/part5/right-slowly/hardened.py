!docker run --detach --name {name("kiosk")} {name("kiosk")}
!docker rm --force {name("kiosk")}
!docker run --detach --name {name("kiosk")} --publish 8000 --cap-drop ALL --read-only {name("kiosk")}
!docker rm --force {name("kiosk")}
!docker run --detach --name {name("kiosk")} --publish 127.0.0.1::8000 --cap-drop ALL --security-opt no-new-privileges --read-only --tmpfs /tmp --tmpfs /run --user 10001:10001 --cpus 0.3 {name("kiosk")}
