# User and key in Base64, as for HTTP's basic authentication, as a build argument.
import base64
from pathlib import Path

login = base64.b64encode(b"robot:" + Path(release, "key.txt").read_bytes()).decode()
recipe = """\
FROM busybox
ARG LOGIN
COPY release.txt /
RUN echo "$LOGIN" | base64 -d | cut -d : -f 2 | tr -d "\\n" | cat - /release.txt | sha256sum > /seal.txt
"""
setup.write("release", {"Dockerfile": recipe})
client.images.build(path=release, tag=name("sealed"), rm=True, buildargs={"LOGIN": login})
