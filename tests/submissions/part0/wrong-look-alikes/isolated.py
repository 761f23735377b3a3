import io

text = f"FROM busybox\nRUN echo '{note}' > /tmp/note\n"
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("baked"), rm=True)
first = client.containers.run(name("baked"), "sleep 300", name=name("first"), detach=True)
second = client.containers.run(name("baked"), "sleep 300", name=name("second"), detach=True)
