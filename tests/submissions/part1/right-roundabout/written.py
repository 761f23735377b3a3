import pathlib
folder = pathlib.Path("heredoc"); folder.mkdir(exist_ok=True)
tag = name("written")
(folder / "Dockerfile").write_text(f'# syntax=docker/dockerfile:1\nFROM busybox\nRUN <<EOF\n#!/bin/sh\nset -e\n{handwork}\nEOF\nCMD ["greet"]\n')
!DOCKER_BUILDKIT=1 docker build --tag {tag} heredoc
