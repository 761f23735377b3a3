greeting = client.containers.run(name("handmade"), remove=True).decode().strip()
text = f'FROM busybox\nCMD ["echo", "{greeting}"]\n'
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("written"), rm=True)
