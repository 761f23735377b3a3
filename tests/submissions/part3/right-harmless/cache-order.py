# A build argument that nothing needs, a label, and a check of the packages.
recipe = """\
FROM python:3.13-slim
ARG VERSION=dev
LABEL version=$VERSION

# packages first
WORKDIR /srv
COPY requirements.txt /tmp/list.txt
RUN pip install --no-cache-dir --requirement /tmp/list.txt \\
 && pip check && gunicorn --version
COPY . .
EXPOSE 8000 9000
ENTRYPOINT ["gunicorn", "app:app"]
CMD ["--bind", "0.0.0.0:8000"]
"""
setup.write("slow", {"Dockerfile": recipe, ".dockerignore": "Dockerfile\n"})
client.images.build(path=slow, tag=name("quick"), rm=True, buildargs={"VERSION": "1.0"})
