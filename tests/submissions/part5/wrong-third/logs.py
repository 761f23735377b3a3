from docker.types import LogConfig

rotate = LogConfig(type="json-file", config={"max-size": f"{kilobytes}k", "max-file": str(files)})
client.containers.run(
    name("teller"), name=name("teller"), detach=True, ports={8000: ("127.0.0.1", None)},
    environment={"LOG_FILE": "-"}, log_config=rotate,
)
