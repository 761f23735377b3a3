text = f'FROM busybox\nCOPY --from={name("handmade")} /bin/greet /bin/greet\nCMD ["greet"]\n'
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("written"), rm=True)
