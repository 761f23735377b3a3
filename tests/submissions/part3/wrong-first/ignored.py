late = "COPY . .\nRUN rm .env deploy.pem services/mail/.env backup/2026/old.pem"
setup.write("shipment", {"Dockerfile": setup.shipment_recipe().replace("COPY . .", late)})
client.images.build(path=shipment, tag=name("shipment"), rm=True)
