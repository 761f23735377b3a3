container = name("life")
!docker create --init --name {container} busybox sleep 300
!docker start {container}
!docker pause {container}
!docker unpause {container}
!docker stop {container}
!docker rm {container}
