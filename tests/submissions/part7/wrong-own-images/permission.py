from pathlib import Path

mounts = {name("archive"): {"bind": "/archive", "mode": "rw"}}
user = client.containers.get(name("scribe")).attrs["Config"]["User"]
client.containers.run("busybox", f"chown -R {user} /archive", volumes=mounts, remove=True)
client.containers.get(name("scribe")).remove()
recipe = Path(name("recipe"))
recipe.write_text(f'FROM {name("scribe")}\nCMD ["sh", "-c", "while echo x >> /archive/entries; do sleep 0.3; done"]\n')
!docker build --quiet --tag {name("scribe")} - < {recipe}
client.containers.run(name("scribe"), name=name("scribe"), init=True, detach=True, volumes=mounts)
