first, second = name("first"), name("second")
!docker create --name {first} busybox sleep 300
!docker run --detach --name {second} busybox sleep 300
!docker start {first}
!docker exec {first} sh -c "echo '{note}' > /tmp/note"
