large = max((place for place in bakery.iterdir() if place.is_dir()), key=lambda place: len(list(place.iterdir())))
(bakery / ".dockerignore").write_text(f"{large.name}\n")
base = bakery.with_name(name("base"))
base.mkdir()
(base / "Dockerfile").write_text("FROM python:3.13-slim\nRUN pip install --no-cache-dir gunicorn\n")
!docker build --quiet --tag {name("base")} {base}
(bakery / "Dockerfile").write_text(
    f'FROM {name("base")}\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n'
)
!docker build --quiet --tag {name("bakery")} {bakery}
