import os

client.containers.get(name("press")).remove(force=True)
for page in pages.glob("page-*"):
    page.unlink()
volumes = {str(pages): {"bind": "/pages", "mode": "rw"}}
client.containers.run(name("press"), name=name("press"), detach=True, init=True, user=f"{os.getuid()}:{os.getgid()}", volumes=volumes)
