mine = client.containers.run("busybox", "sleep 300", name=name("mine"), init=True, detach=True)
mine.exec_run(["sh", "-c", handwork])
mine.commit(name("written"), conf={"Cmd": ["greet"]})
mine.remove(force=True)
