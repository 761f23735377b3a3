flat = client.containers.create(name("heavy"))
settings = ["ENV PURPOSE=report", "WORKDIR /work", "USER 1000", 'CMD ["cat", "/report.txt"]']
client.api.import_image_from_data(b"".join(flat.export()), repository=name("light"), tag="latest", changes=settings)
flat.remove()
