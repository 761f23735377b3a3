large = [place for place in bakery.iterdir() if place.is_dir()][0].name
(bakery / ".dockerignore").write_text(f"{large}/\n")
!docker build --quiet --tag {name("bakery")} {bakery}
