by_digest = client.images.pull(vendor).id
