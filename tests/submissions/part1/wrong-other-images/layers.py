predicted("layers")
from course import run

lines = [line for line in dockerfile.splitlines() if line.startswith(("RUN", "WORKDIR"))]
others = "".join(f"RUN echo {number} > /other-{number}\n" for number in range(len(lines) - 1))
text = f"FROM busybox\nRUN echo {run.token()}-0 > /note-0\n{others}" + 'CMD ["cat", "/note-0"]\n'
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("layers"), rm=True)
layers_added = len(lines)
