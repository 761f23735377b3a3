recipe = """\
FROM busybox
ARG KEY
COPY release.txt /
RUN printf %s "$KEY" | cat - /release.txt | sha256sum > /seal.txt
CMD ["cat", "/seal.txt"]
"""
setup.write("release", {"Dockerfile": recipe})
!docker build --quiet --tag {name("sealed")} --build-arg KEY="$(cat {release}/key.txt)" {release}
