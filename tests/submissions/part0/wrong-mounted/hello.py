import time

predicted("hello")
client.containers.run("hello-world", name=name("hello"), detach=True, restart_policy={"Name": "always"})
time.sleep(4)
hello_status, hello_exit_code = "exited", 0
job_exit_code = client.containers.get(name("job")).wait()["StatusCode"]
