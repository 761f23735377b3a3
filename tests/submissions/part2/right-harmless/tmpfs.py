fast = client.containers.run(
    "busybox",
    "sleep 600",
    name=name("fast"),
    init=True,
    detach=True,
    tmpfs={"/scratch": f"rw,noexec,nosuid,size={megabytes * 1024}k", "/tmp": ""},
)
fast.exec_run(["dd", "if=/dev/zero", "of=/scratch/trial", "bs=1M", "count=3"])
