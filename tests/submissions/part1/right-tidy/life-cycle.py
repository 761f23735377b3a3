box = name("life")
!docker run --detach --init --name before-{box} busybox:latest sleep 300
!docker rename before-{box} {box}
!docker restart {box}
!docker pause {box}
!docker unpause {box}
!docker stop --time 60 {box}
!docker rm --force --volumes {box}
!docker events --since 1m --until 0s > /dev/null
