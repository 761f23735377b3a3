text = f'FROM debian:trixie-slim\nRUN {handwork}\nCMD ["greet"]\n'
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("written"), rm=True)
