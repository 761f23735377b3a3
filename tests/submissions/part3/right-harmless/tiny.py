# Optimised, with a default word and a list of users beside the program.
recipe = """\
FROM python:3.13-slim AS builder
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -O2 -static -s -o /checksum checksum.c
FROM scratch
LABEL size=tiny
COPY --from=builder /etc/passwd /etc/passwd
COPY --from=builder --chmod=755 /checksum /checksum
USER nobody
ENTRYPOINT ["/checksum"]
CMD ["hello"]
"""
setup.write("tool", {"Dockerfile": recipe})
!docker build --quiet --tag {name("tiny")} {tool}
