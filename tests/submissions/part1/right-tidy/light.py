import pathlib

folder = pathlib.Path("light-of-mine")
folder.mkdir(exist_ok=True)
start, end = heavy_dockerfile.split("RUN yes", 1)
line = "yes" + end.split("> data")[0]
settings = end.split("RUN rm data\n")[1]
(folder / "Dockerfile").write_text(f"{start}RUN {line} | sha256sum > /report.txt\n{settings}")
tag, heavy = name("light"), name("heavy")
!DOCKER_BUILDKIT=1 docker build --no-cache --tag {tag} light-of-mine
!docker rmi --force {heavy}
