predicted("hello")
hello = client.containers.create("hello-world:latest", "/hello", name=name("before"), network_mode="none")
hello.rename(name("hello"))
hello.start()
hello.wait()
hello.start()  # once more
hello.wait()
hello.reload()
hello_status, hello_exit_code = hello.status, hello.attrs["State"]["ExitCode"]
job_exit_code = client.containers.get(name("job")).wait()["StatusCode"]
compare("hello", hello_status)
