from docker.types import Mount

first = client.containers.run(name("shelf"), name=name("filled"), init=True, detach=True, mounts=[Mount("/shelf", name("books"))])
second = client.containers.run(
    name("shelf"), name=name("hidden"), init=True, detach=True, mounts=[Mount("/shelf", bare, type="bind", read_only=True)]
)
in_volume, in_bind = (int(each.exec_run(["sh", "-c", "ls /shelf | wc -l"]).output) for each in (first, second))
