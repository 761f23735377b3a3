# One stage can do it as well: installed, used and removed in one step, by the classic builder.
recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && gcc -shared -fPIC -o libchecksum.so checksum.c \\
 && apt-get purge --yes --auto-remove gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/* \\
 && pip install --no-cache-dir -r requirements.txt
USER 65534:65534
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("calculator", {"Dockerfile": recipe})
client.images.build(path=calculator, tag=name("small"), rm=True)
