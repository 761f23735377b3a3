server = name("server")
lines = !docker exec {server} sh -c "cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"
kernel_limit = lines[-1]
