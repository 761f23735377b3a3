# The line that Docker's documentation puts first; the list is mounted, not copied, and only what is needed goes in.
recipe = """\
# syntax=docker/dockerfile:1
FROM python:3.13-slim
WORKDIR /app
RUN --mount=type=bind,source=requirements.txt,target=/tmp/requirements.txt pip install -r /tmp/requirements.txt
COPY app.py .
"""
command = [line for line in (bakery / "Dockerfile").read_text().splitlines() if line.startswith("CMD")]
(bakery / "Dockerfile").write_text(recipe + "\n".join(command) + "\n")
large = max((place for place in bakery.iterdir() if place.is_dir()), key=lambda place: len(list(place.iterdir())))
(bakery / ".dockerignore").write_text(f"{large.name}/\n")
!docker build --quiet --tag {name("bakery")} {bakery}
