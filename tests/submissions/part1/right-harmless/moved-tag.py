import subprocess

predicted("moved-tag")
menu, kitchen = name("menu"), name("kitchen")
client.images.get(menu + ":2").tag(menu, "stable")
client.images.get(menu + ":1").tag(menu, "stable")  # and back
client.containers.run(menu + ":stable", name=name("other"), detach=True).remove(force=True)
client.images.get(menu + ":2").tag(menu, "stable")
client.images.get(menu + ":2").tag(menu, "newest")
client.containers.get(kitchen).exec_run("touch /tmp/seen")
kitchen_image = subprocess.check_output(["docker", "inspect", "--format", "{{.Image}}", kitchen])  # bytes
