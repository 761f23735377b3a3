text = """
FROM busybox
ENV PURPOSE=report
WORKDIR /work
RUN sha256sum < /dev/null > /report.txt
USER 1000
CMD ["cat", "/report.txt"]
"""
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("light"), rm=True)
