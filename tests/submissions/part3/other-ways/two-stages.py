# One stage can do it as well: installed, used and removed in one step. And docker-py can read the file that Python wrote.
recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && gcc -shared -fPIC -o libchecksum.so checksum.c \\
 && apt-get purge --yes --auto-remove gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["python", "checksum.py"]
"""
setup.write("workshop", {"Dockerfile": recipe})
client.images.build(path=workshop, tag=name("parted"), rm=True)
