recipe = """\
# syntax=docker/dockerfile:1
FROM python:3.13-slim AS builder
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -Os -s -static checksum.c -o checksum
FROM scratch
COPY --from=builder /src/checksum /bin/checksum
USER 1000
WORKDIR /work
ENTRYPOINT ["/bin/checksum"]
CMD ["hello"]
"""
setup.write("tool", {"Dockerfile": recipe})
!docker build --quiet --tag {name("tiny")} {tool}
