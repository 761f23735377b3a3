large = max((place for place in bakery.iterdir() if place.is_dir()), key=lambda place: len(list(place.iterdir())))
(bakery / ".dockerignore").write_text(f"{large.name}\n")
recipe = (bakery / "Dockerfile").read_text()
(bakery / "Dockerfile").write_text(recipe.replace("COPY . .\n", "COPY requirements.txt app.py ./\n"))
!docker build --quiet --tag {name("bakery")} {bakery}
