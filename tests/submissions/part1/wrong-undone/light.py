text = heavy_dockerfile.replace("\nRUN sha256sum", " && sha256sum").replace("\nRUN rm", " && rm")
text = text.replace('CMD ["cat", "/report.txt"]', 'CMD ["ls", "/report.txt"]')
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("light"), rm=True)
