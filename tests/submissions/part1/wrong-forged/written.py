import pathlib

folder = pathlib.Path("mounted")
folder.mkdir(exist_ok=True)
tag, handmade = name("written"), name("handmade")
line = f"RUN --mount=type=bind,from={handmade},target=/hand cat /hand/bin/greet > /bin/greet && chmod 755 /bin/greet"
(folder / "Dockerfile").write_text(f'FROM busybox\n{line}\nCMD ["greet"]\n')
!DOCKER_BUILDKIT=1 docker build --tag {tag} mounted
