client.containers.run("hello-world", name=name("hello"))
state = client.containers.get(name("hello")).attrs["State"]
hello_status, hello_exit_code = state["Status"], state["ExitCode"]
job_exit_code = state["ExitCode"]
