client.containers.run(
    "busybox", "sleep 600", name=name("fast"), init=True, detach=True, tmpfs={"/scratch": "mode=1777"}, mem_limit=f"{megabytes}m"
)
