# All out, and then in what is needed, file by file.
rules = "*\n!start.sh\n!docs/environment.txt\n!services/mail/config.txt\n!backup/2026/readme.txt\n"
setup.write("shipment", {".dockerignore": rules})
client.images.build(path=shipment, tag=name("shipment"), rm=True)
