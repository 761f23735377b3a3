predicted("hello")
client.containers.run("hello-world", name=name("hello"), remove=True)
hello_status, hello_exit_code = "exited", 0
job_exit_code = client.containers.get(name("job")).wait()["StatusCode"]
