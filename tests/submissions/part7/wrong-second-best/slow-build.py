recipe = (bakery / "Dockerfile").read_text()
(bakery / "Dockerfile").write_text(recipe.replace("COPY . .\n", "COPY requirements.txt .\n"))
!docker build --quiet --tag {name("bakery")} {bakery}
