from pathlib import Path

holder = client.containers.list(filters={"publish": str(taken)})[0].name
client.containers.get(name("kiosk")).remove()
recipe = Path(name("recipe-of-kiosk"))
recipe.write_text(f'FROM {name("kiosk")}\nCMD ["httpd", "-f", "-vv", "-p", "8000", "-h", "/www"]\n')
!docker build --quiet --tag {name("kiosk")} - < {recipe}
client.containers.run(name("kiosk"), name=name("kiosk"), detach=True, ports={"8000/tcp": ("127.0.0.1", None)})
