# Each depth by itself, as deep as the files that are there.
rules = "".join(f"{depth}{what}\n" for depth in ("", "*/", "*/*/") for what in (".env", "*.pem"))
setup.write("shipment", {".dockerignore": rules})
client.images.build(path=shipment, tag=name("shipment"), rm=True)
