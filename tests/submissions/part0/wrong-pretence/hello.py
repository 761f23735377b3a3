import io

predicted("hello")
text = b"FROM hello-world\nLABEL made=by-me\n"
client.images.build(fileobj=io.BytesIO(text), tag=name("hello"), rm=True)
client.containers.run(name("hello"), name=name("hello"))
hello_status, hello_exit_code = "exited", 0
job_exit_code = client.containers.get(name("job")).wait()["StatusCode"]
