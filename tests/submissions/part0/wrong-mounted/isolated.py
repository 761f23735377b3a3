import pathlib

place = pathlib.Path("note.txt").resolve()
place.write_text(note + "\n")
first = client.containers.run("busybox", "sleep 300", name=name("first"), detach=True, volumes=[f"{place}:/tmp/note"])
second = client.containers.run("busybox", "sleep 300", name=name("second"), detach=True)
