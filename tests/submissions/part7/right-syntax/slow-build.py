large = max((place for place in bakery.iterdir() if place.is_dir()), key=lambda place: len(list(place.iterdir())))
(bakery / ".dockerignore").write_text(f"{large.name}/**\n")
recipe = (bakery / "Dockerfile").read_text()
install = next(line for line in recipe.splitlines() if line.startswith("RUN pip"))
better = recipe.replace("COPY . .\n", "COPY requirements.txt .\n").replace(install, f"{install}\nCOPY . .")
(bakery / "Dockerfile").write_text("# syntax=docker/dockerfile:1\n" + better)
!docker build --quiet --tag {name("bakery")} {bakery}
