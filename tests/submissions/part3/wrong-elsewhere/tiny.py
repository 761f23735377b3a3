# One program in busybox, by a shell.
recipe = """\
FROM python:3.13-slim AS builder
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -static -o /checksum checksum.c
FROM busybox
COPY --from=builder /checksum /checksum
ENTRYPOINT ["/checksum"]
"""
setup.write("tool", {"Dockerfile": recipe})
!docker build --quiet --tag {name("tiny")} {tool}
