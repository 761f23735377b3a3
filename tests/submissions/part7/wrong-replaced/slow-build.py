large = max((place for place in bakery.iterdir() if place.is_dir()), key=lambda place: len(list(place.iterdir())))
large.rename(bakery.with_name(name("elsewhere")))
recipe = (bakery / "Dockerfile").read_text()
(bakery / "Dockerfile").write_text(recipe.replace("COPY . .\n", "COPY requirements.txt .\n").replace("CMD", "COPY . .\nCMD"))
!docker build --quiet --tag {name("bakery")} {bakery}
