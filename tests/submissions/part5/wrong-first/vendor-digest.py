client.images.pull(vendor)
by_digest = vendor
