shop = client.containers.get(name("shop"))
shop.exec_run(["sed", "-i", 's/"LISTEN", "127.0.0.1"/"LISTEN", "0.0.0.0"/', "/shop.py"])
shop.restart(timeout=1)
