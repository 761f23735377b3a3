from course.setups.part5_vendor import vendor_affected

pinned = client.containers.run(by_digest, name=name("pinned"), detach=True, init=True)
inventory = dict(line.split() for line in pinned.exec_run("dpkg-query --show").output.decode().splitlines())
affected = vendor_affected()
