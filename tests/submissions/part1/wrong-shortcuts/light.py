text = f"FROM {name('heavy')}\nUSER root\nRUN rm -f /work/data\nUSER 1000\n"
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("light"), rm=True)
