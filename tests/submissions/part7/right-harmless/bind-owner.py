import os

pages.chmod(0o700)
client.containers.get(name("press")).remove(force=True)
client.containers.run(name("press"), "true", name=name("press"), volumes=[f"{pages}:/pages"])
client.containers.get(name("press")).remove()
client.containers.run(
    name("press"),
    name=name("press"),
    detach=True,
    init=True,
    user=f"{os.getuid()}:{os.getgid()}",
    labels={"stage": "trial"},
    environment={"HOME": "/tmp"},
    volumes=[f"{pages}/:/pages/:rw", f"{name('spare')}:/spare"],
    restart_policy={"Name": "unless-stopped"},
)
(pages / "notes.txt").write_text("mine")
