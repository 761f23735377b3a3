import io, tarfile

bench = client.containers.run("python:3.13-slim", "sleep 300", name=name("bench"), detach=True, init=True)
bench.exec_run("pip install flask gunicorn")
buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w") as archive:
    archive.add(f"{app}/app.py", "app.py")
bench.put_archive("/", buffer.getvalue())
bench.commit(name("app"), conf={"Cmd": ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"], "WorkingDir": "/"})
bench.remove(force=True)
client.containers.run(name("app"), name=name("app"), detach=True, ports={"8000/tcp": ("127.0.0.1", app_port)})
