predicted("unhealthy")
place = Path("clinic")
place.mkdir(exist_ok=True)
(place / "Dockerfile").write_text(f"""FROM {name("clinic")}
USER root
RUN apt-get update && apt-get install --yes --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
USER 10001
HEALTHCHECK --interval=1s --timeout=2s --retries=2 CMD curl --fail --silent http://127.0.0.1:8000/health || exit 1
""")
!docker build --quiet --tag {name("clinic-with-curl")} {place}
client.containers.run(name("clinic-with-curl"), name=name("clinic"), detach=True, init=True, restart_policy={"Name": "on-failure"})
