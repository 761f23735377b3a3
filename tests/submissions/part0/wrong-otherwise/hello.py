predicted("hello")
greeting = client.containers.run("hello-world", remove=True).decode()
client.containers.run("busybox", ["echo", greeting], name=name("hello"))
hello = client.containers.get(name("hello"))
hello_status, hello_exit_code = hello.attrs["State"]["Status"], hello.attrs["State"]["ExitCode"]
job_exit_code = client.containers.get(name("job")).wait()["StatusCode"]
