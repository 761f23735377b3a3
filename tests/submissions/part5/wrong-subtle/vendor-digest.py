client.images.pull(vendor)
