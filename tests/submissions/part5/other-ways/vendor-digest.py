image = client.images.pull(vendor)
place = vendor.rpartition(":")[0]
by_digest = next(each for each in image.attrs["RepoDigests"] if each.startswith(place))
