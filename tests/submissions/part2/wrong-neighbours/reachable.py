shop = client.containers.get(name("shop"))
shop.exec_run(["python", "-c", "import socket; socket.create_server(('0.0.0.0', 8001)); import time; time.sleep(600)"], detach=True)
