client.containers.run(
    "busybox", ["sh", "-c", "mkdir -p /scratch; sleep 600"], name=name("fast"), init=True, detach=True, tmpfs={"/tmp": f"size={megabytes}m"}
)
