fast = name("fast")
!docker run --detach --init --name {fast} --tmpfs /scratch:size={megabytes}m busybox sleep 600
