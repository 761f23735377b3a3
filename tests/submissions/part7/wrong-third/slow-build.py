import shutil

large = [place for place in bakery.iterdir() if place.is_dir()][0]
shutil.rmtree(large)
recipe = (bakery / "Dockerfile").read_text()
(bakery / "Dockerfile").write_text(recipe.replace("COPY . .\n", "COPY requirements.txt .\n").replace("CMD", "COPY . .\nCMD"))
!docker build --quiet --tag {name("bakery")} {bakery}
