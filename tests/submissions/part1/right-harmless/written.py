line, greet = handwork.split(" && ", 1)
text = f"""
# mine
FROM busybox:latest
LABEL by=me
WORKDIR /srv
RUN {line}
RUN {greet}
ENTRYPOINT exec greet
"""
client.images.build(fileobj=io.BytesIO(text.replace("\n", "\r\n").encode()), tag=name("written"), rm=True)
