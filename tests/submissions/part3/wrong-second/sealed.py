from pathlib import Path

key = Path(release, "key.txt").read_text()
recipe = """\
FROM busybox
ENV KEY=KEY-OF-THIS-RUN
COPY release.txt /
RUN printf %s "$KEY" | cat - /release.txt | sha256sum > /seal.txt
"""
setup.write("release", {"Dockerfile": recipe.replace("KEY-OF-THIS-RUN", key)})
!docker build --quiet --tag {name("sealed")} {release}
