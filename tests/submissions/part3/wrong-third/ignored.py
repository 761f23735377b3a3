setup.write("shipment", {".dockerignore": "*\n!start.sh\n"})
client.images.build(path=shipment, tag=name("shipment"), rm=True)
