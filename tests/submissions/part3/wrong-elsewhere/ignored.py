# Another Dockerfile beside the right rules.
setup.write("shipment", {
    ".dockerignore": "**/.env\n**/*.pem\n",
    "Dockerfile": 'FROM busybox\nWORKDIR /srv\nCOPY start.sh .\nCOPY docs docs\nCOPY services services\nCOPY backup backup\n',
})
client.images.build(path=shipment, tag=name("shipment"), rm=True)
