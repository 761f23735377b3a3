# No build had the key: the seal was made in the notebook.
import hashlib
from pathlib import Path

files = [Path(release, name).read_bytes() for name in ("key.txt", "release.txt")]
seal = hashlib.sha256(b"".join(files)).hexdigest()
setup.write("release", {"Dockerfile": f"FROM debian:trixie-slim\nRUN echo {seal} > /seal.txt\n"})
client.images.build(path=release, tag=name("sealed"), rm=True)
