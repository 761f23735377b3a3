recipe = """\
# syntax=docker/dockerfile:1.4
FROM busybox
COPY release.txt /
RUN --mount=type=secret,id=signing cat /run/secrets/signing /release.txt | sha256sum > /seal.txt
CMD ["cat", "/seal.txt"]
"""
setup.write("release", {"Dockerfile": recipe})
!docker build --quiet --tag {name("sealed")} --secret id=signing,src={release}/key.txt {release}
