client.containers.run(
    "busybox", "sleep 600", name=name("fast"), init=True, detach=True, tmpfs={"/scratch": f"size={megabytes * 1000 * 1000}"}
)
