recipe = """\
FROM busybox
COPY release.txt key.txt /
RUN cat /key.txt /release.txt | sha256sum > /seal.txt
RUN rm /key.txt
CMD ["cat", "/seal.txt"]
"""
setup.write("release", {"Dockerfile": recipe})
!docker build --quiet --tag {name("sealed")} {release}
