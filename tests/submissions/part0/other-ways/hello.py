predicted("hello")
made = client.api.create_container("hello-world", name=name("hello"))
client.api.start(made)
hello_exit_code = client.api.wait(made)["StatusCode"]
[row] = client.api.containers(all=True, filters={"name": name("hello")})
hello_status = row["State"]
job_exit_code = float(client.api.wait(name("job"))["StatusCode"])
