hello = client.containers.create("hello-world", name=name("hello"))
hello.start()
hello_status, hello_exit_code = hello.status, 0
hello.wait()
job_exit_code = client.containers.get(name("job")).wait()["StatusCode"]
