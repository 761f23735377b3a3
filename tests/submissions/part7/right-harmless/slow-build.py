large = max((place for place in bakery.iterdir() if place.is_dir()), key=lambda place: len(list(place.iterdir())))
(bakery / ".dockerignore").write_text(f"# what no image needs\n\n{large.name}\n.git\n.venv\n")
(bakery / ".venv").mkdir()
(bakery / ".venv" / "big").write_bytes(bytes(2_000_000))
recipe = (bakery / "Dockerfile").read_text()
install = next(line for line in recipe.splitlines() if line.startswith("RUN pip"))
better = recipe.replace("COPY . .\n", "# first what changes rarely\nCOPY requirements.txt .\n").replace(install, f"{install}\n\nCOPY . .")
(bakery / "Dockerfile").write_bytes(better.replace("\n", "\r\n").encode())
!docker build --quiet --tag {name("bakery")} {bakery}
