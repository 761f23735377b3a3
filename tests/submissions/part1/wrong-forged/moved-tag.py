predicted("moved-tag")
text = f"FROM busybox\nRUN echo {setup.version_text(2)} > /version\n" + 'CMD ["sleep", "86400"]\n'
for tag in ("2", "stable"):
    client.images.build(fileobj=io.BytesIO(text.encode()), tag=f"{name('menu')}:{tag}", rm=True)
kitchen_image = client.containers.get(name("kitchen")).attrs["Image"]
