recipe = """\
FROM python:3.13-slim
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY checksum.c .
RUN gcc -static -o /checksum checksum.c
ENTRYPOINT ["/checksum"]
"""
setup.write("tool", {"Dockerfile": recipe})
display(views.build(name("tiny"), tool))
