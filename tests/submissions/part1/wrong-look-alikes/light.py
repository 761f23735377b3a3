flat = client.containers.create(name("heavy"))
client.api.import_image_from_data(b"".join(flat.export()), repository=name("light"), tag="latest")
flat.remove()
