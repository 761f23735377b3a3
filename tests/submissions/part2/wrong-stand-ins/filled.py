import pathlib

predicted("volume-files")
first = client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), volumes=["/shelf"])
other = pathlib.Path(bare).with_name(name("elsewhere"))
other.mkdir(exist_ok=True)
second = client.containers.run(name("shelf"), "ls /shelf", name=name("hidden"), volumes=[f"{other}:/shelf"])
in_volume, in_bind = len(first.split()), len(second.split())
