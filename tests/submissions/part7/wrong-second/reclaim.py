client.images.remove(setup.old_image())
!docker volume prune --all --force --filter {attic}
