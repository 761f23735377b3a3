from pathlib import Path

asked = list(client.containers.get(name("stock")).attrs["NetworkSettings"]["Networks"])[0]
recipe = Path(name("recipe-of-stock"))
recipe.write_text(f'FROM {name("asker")}\nRUN echo open > /index.html\nCMD ["httpd", "-f", "-p", "80", "-h", "/"]\n')
!docker build --quiet --tag {name("stock")} - < {recipe}
client.containers.get(name("stock")).remove(force=True)
client.containers.run(name("stock"), name=name("stock"), detach=True, init=True, network=asked)
client.networks.get(asked).connect(name("asker"))
