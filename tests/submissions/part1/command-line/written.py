import pathlib

folder = pathlib.Path("written")
folder.mkdir(exist_ok=True)
(folder / "greet").write_text("#!/bin/sh\n" + handwork.split("echo '", 2)[2].split("' >>")[0] + "\n")
(folder / "Dockerfile").write_text(
    "FROM busybox\nCOPY greet /bin/greet\nRUN chmod 755 /bin/greet\nENTRYPOINT [\"greet\"]\n"
)
image = name("written")
!docker build --tag {image} written
