# The stage that has the key is thrown away; the classic builder can do that, too.
recipe = """\
FROM busybox AS signer
COPY release.txt key.txt /
RUN cat /key.txt /release.txt | sha256sum > /seal.txt
FROM busybox
COPY --from=signer /seal.txt /seal.txt
"""
setup.write("release", {"Dockerfile": recipe})
client.images.build(path=release, tag=name("sealed"), rm=True)
