text = f"FROM {name('handmade')}\nLABEL by=Dockerfile\n"
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("written"), rm=True)
