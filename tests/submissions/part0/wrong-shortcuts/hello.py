predicted("hello")
hello = client.containers.create("hello-world", name=name("hello"))
hello_status, hello_exit_code = hello.attrs["State"]["Status"], hello.attrs["State"]["ExitCode"]
job_exit_code = client.containers.get(name("job")).attrs["State"]["ExitCode"]
compare("hello", hello_status)
