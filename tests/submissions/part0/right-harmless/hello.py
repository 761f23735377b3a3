predicted("hello")
client.containers.run("hello-world", name=name("hello"), remove=True)  # not so
client.containers.create("hello-world", "/nothing", name=name("hello")).remove()  # nor so
client.containers.run("busybox", "sleep 300", name=name("busy"), detach=True, healthcheck={"test": ["CMD", "true"], "interval": 10**9})
client.containers.run(
    "hello-world",
    name=name("hello"),
    init=True,
    labels={"by": "me"},
    environment={"WHO": "me"},
    extra_hosts={"host.docker.internal": "host-gateway"},
    volumes=[name("spare") + ":/spare"],
)
state = client.containers.get(name("hello")).attrs["State"]
hello_status, hello_exit_code = state["Status"], state["ExitCode"]
job_exit_code = client.containers.get(name("job")).attrs["State"]["ExitCode"]
client.containers.get(name("job")).remove()
client.containers.get(name("busy")).remove(force=True)
compare("hello", hello_status)
