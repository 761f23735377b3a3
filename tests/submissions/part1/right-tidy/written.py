import pathlib

folder = pathlib.Path("written-of-mine")
folder.mkdir(exist_ok=True)
(folder / "Dockerfile").write_text(f"FROM busybox AS bakery\nRUN {handwork}\nFROM bakery\nENTRYPOINT [\"sh\", \"-c\", \"greet\"]\n")
tag, handmade = name("written"), name("handmade")
!DOCKER_BUILDKIT=1 docker build --no-cache --tag {tag} written-of-mine
!docker rmi --force {handmade}
