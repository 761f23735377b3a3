client.containers.get(name("scribe")).remove()
lines = (
    "printf '#!/bin/sh\\nsleep 100000\\n' > /tmp/write-entries; chmod 755 /tmp/write-entries; "
    "su -s /tmp/write-entries nobody & while echo forged >> /archive/entries; do sleep 0.3; done"
)
mounts = {name("archive"): {"bind": "/archive", "mode": "rw"}}
client.containers.run(name("scribe"), ["sh", "-c", lines], name=name("scribe"), user="0", detach=True, volumes=mounts)
