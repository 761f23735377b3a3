text = f"""
FROM busybox AS kitchen
RUN {handwork}

FROM busybox
LABEL purpose=greeting
COPY --from=kitchen /bin/greet /usr/bin/greet
CMD greet
"""
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("written"), rm=True)
