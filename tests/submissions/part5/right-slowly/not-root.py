(counter / "Dockerfile").write_text("""FROM python:3.13-slim AS base
RUN groupadd --gid 4000 team && useradd --uid 4000 --gid team --create-home worker && install -d -o worker -g team -m 2770 /data

FROM base
COPY app.py /opt/app.py
HEALTHCHECK --interval=2s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/')"]
USER worker:team
ENTRYPOINT ["python", "-u", "/opt/app.py"]
""")
!docker build --quiet --no-cache --tag {name("counter")} {counter}
!docker run --detach --name {name("counter")} --cpus 0.3 --read-only --volume {name("counted")}:/data --publish 127.0.0.1:{free_port()}:8000 {name("counter")}
