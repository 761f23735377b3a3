predicted("hello")
client.containers.run("hello-world", name=name("hello"))
hello_status, hello_exit_code, job_exit_code = "exited", 0, 0
compare("hello", hello_status)
