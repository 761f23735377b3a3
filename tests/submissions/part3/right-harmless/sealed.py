# The secret lies at another place, and what starts is a line for a shell.
recipe = """\
FROM busybox
LABEL about="the seal of a release"
COPY release.txt /srv/release.txt
RUN --mount=type=secret,required=true,target=/tmp/lent,id=seal-key \
    cat /tmp/lent /srv/release.txt | sha256sum > /seal.txt

ENTRYPOINT cat /seal.txt
"""
setup.write("release", {"Dockerfile": recipe, ".dockerignore": "key.txt\n"})
!cd {release} && docker build --quiet --tag {name("sealed")} --secret id=seal-key,src=key.txt .
