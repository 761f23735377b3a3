predicted("hello")
client.containers.run("hello-world", name=name("hello"))
state = client.containers.get(name("hello")).attrs["State"]
hello_status, hello_exit_code = state["Status"], str(state["ExitCode"])
job_exit_code = client.containers.get(name("job")).attrs["State"]["ExitCode"]
