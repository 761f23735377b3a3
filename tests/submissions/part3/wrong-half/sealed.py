# It stands on Debian.
recipe = """\
FROM debian:trixie-slim
COPY release.txt /
RUN --mount=type=secret,id=key,required=true cat /run/secrets/key /release.txt | sha256sum > /seal.txt
"""
setup.write("release", {"Dockerfile": recipe})
!docker build --quiet --tag {name("sealed")} --secret id=key,src={release}/key.txt {release}
