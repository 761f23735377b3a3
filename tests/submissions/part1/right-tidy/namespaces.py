server = client.containers.run("nginx", name=name("server"), detach=True, mem_limit="64m")
visitor = client.containers.run(
    "busybox", "sleep 3600", name=name("visitor"), detach=True, init=True, network_mode=f"container:{server.id}"
)
for mebibytes in (80, limit_mib):
    server.update(mem_limit=mebibytes << 20, memswap_limit=mebibytes << 21)
command = ["sh", "-c", "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"]
kernel_limit = server.exec_run(command).output  # bytes, with the line's end
