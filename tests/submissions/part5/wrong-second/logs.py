from docker.types import LogConfig

client.containers.run(
    name("teller"), name=name("teller"), detach=True, ports={8000: ("127.0.0.1", None)},
    environment={"LOG_FILE": "-", "PYTHONUNBUFFERED": "1"}, log_config=LogConfig(type="none"),
)
