# Exercise ``written`` by a commit, and more events after it than the Engine keeps.
box = client.containers.run("busybox", ["sleep", "600"], init=True, detach=True)
box.exec_run(["sh", "-c", handwork])
made = box.commit(name("written"), conf={"Cmd": ["greet"]})
box.remove(force=True)
for number in range(400):
    made.tag(name("washed"), str(number))
print("washed away")
