client.containers.get(name("scribe")).remove()
client.containers.run(name("scribe"), name=name("scribe"), init=True, detach=True, tmpfs={"/archive": "mode=1777"})
