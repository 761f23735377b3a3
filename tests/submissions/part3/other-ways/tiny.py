# The image that the set-up has built serves as the first stage.
recipe = """\
ARG TOOL
FROM $TOOL AS builder
RUN gcc -static -o /static /src/checksum.c
FROM scratch
COPY --from=builder /static /
ENTRYPOINT ["/static"]
"""
setup.write("tool", {"Dockerfile": recipe})
client.images.build(path=tool, tag=name("tiny"), rm=True, buildargs={"TOOL": name("tool")})
