# The packages were installed by hand in a container; the Dockerfile takes them from its image.
bench = client.containers.run("python:3.13-slim", "sleep 300", name=name("bench"), detach=True, init=True)
bench.exec_run("pip install --target /packages flask gunicorn")
bench.commit(name("bench"))
bench.remove(force=True)
recipe = f"""\
FROM python:3.13-slim
COPY --from={name("bench")} /packages /packages
ENV PYTHONPATH=/packages
WORKDIR /app
COPY app.py .
CMD ["python", "-m", "gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("app", {"Dockerfile": recipe})
!docker build --quiet --tag {name("app")} {app}
!docker run --detach --name {name("app")} --publish 127.0.0.1:{app_port}:8000 {name("app")}
