from docker.types import Mount

scratch = Mount("/scratch", None, type="tmpfs", tmpfs_size=megabytes * 1024 * 1024)
client.containers.run("nginx", name=name("fast"), detach=True, mounts=[scratch])
