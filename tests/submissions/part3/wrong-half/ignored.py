# The rules leave out too much.
setup.write("shipment", {".dockerignore": "**/.env\n**/*.pem\nbackup\n"})
client.images.build(path=shipment, tag=name("shipment"), rm=True)
