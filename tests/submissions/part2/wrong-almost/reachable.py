shop = client.containers.get(name("shop"))
address = shop.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
shop.exec_run(["python", "/shop.py"], environment={"LISTEN": address}, detach=True)
