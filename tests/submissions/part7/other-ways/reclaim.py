!docker image prune --all --force --filter {attic}
for container in client.containers.list(all=True, filters={**only, "status": "exited"}):
    container.remove()
