client.images.remove(setup.old_image())
clock = client.containers.get(name("clock"))
image, labels = clock.image.id, clock.labels
clock.remove(force=True)
client.containers.run(
    image, "sleep 86400", name=name("clock"), detach=True, init=True, labels=labels, volumes={name("ledger"): {"bind": "/ledger", "mode": "rw"}}
)
