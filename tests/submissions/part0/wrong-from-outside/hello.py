predicted("hello")
client.images.get("busybox").tag("hello-world")
client.containers.run("hello-world", "true", name=name("hello"))
hello_status, hello_exit_code = "exited", 0
job_exit_code = client.containers.get(name("job")).wait()["StatusCode"]
