recipe = setup.shipment_recipe().replace("COPY . .", "COPY . .\nRUN find . -name .env -delete && find . -name '*.pem' -delete")
setup.write("shipment", {"Dockerfile": recipe})
client.images.build(path=shipment, tag=name("shipment"), rm=True)
