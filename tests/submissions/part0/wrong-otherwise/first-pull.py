shop_word = client.images.get(shop_image).attrs["RepoDigests"][0]
