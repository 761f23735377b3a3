import io

client.images.build(fileobj=io.BytesIO(b"FROM nginx\nEXPOSE 8080\n"), tag=name("exposed"), rm=True)
client.containers.run(name("exposed"), name=name("web"), detach=True)
