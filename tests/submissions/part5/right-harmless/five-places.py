from docker.types import Mount

(messenger / "Dockerfile").write_text("FROM python:3.13-slim\nCOPY --chmod=644 app.py /app.py\nLABEL team=blue\nCMD python /app.py\n")
(messenger / "secrets").mkdir()
(messenger / "secrets" / "key").write_text((messenger / "key.txt").read_text().strip())
!docker build --quiet --tag {name("messenger")} {messenger}
client.containers.run(
    name("messenger"), name=name("messenger"), detach=True, init=True, labels={"team": "blue"},
    mounts=[Mount("/run/secrets", str(messenger / "secrets"), type="bind", read_only=True)],
    ports={8000: ("127.0.0.1", None), 5000: ("127.0.0.1", None)},
)
client.containers.get(name("courier")).stop(timeout=0)
