predicted("layers")
import pathlib

folder = pathlib.Path("layers-of-mine")
folder.mkdir(exist_ok=True)
(folder / "Dockerfile").write_text("# mine\n" + dockerfile)
tag = name("layers")
for _ in range(2):
    !DOCKER_BUILDKIT=1 docker build --no-cache --label by=me --build-arg UNUSED=1 --tag {tag} layers-of-mine
layers_added = len(client.images.get(tag).attrs["RootFS"]["Layers"]) - len(client.images.get("busybox").attrs["RootFS"]["Layers"])
