client.containers.run(
    "busybox", "sleep 600", name=name("fast"), init=True, detach=True, tmpfs={"/scratch/fast": f"size={megabytes}m"}
)
