import pathlib
folder = pathlib.Path("roundabout"); folder.mkdir(exist_ok=True)
text = f'FROM {name("handmade")} AS hand\nRUN cat /bin/greet > /tmp/greet\n\nFROM busybox\nCOPY --from=hand /tmp/greet /bin/greet\nRUN chmod 755 /bin/greet\nCMD ["greet"]\n'
(folder / "Dockerfile").write_text(text)
client.images.build(path=str(folder), tag=name("written"), rm=True)
