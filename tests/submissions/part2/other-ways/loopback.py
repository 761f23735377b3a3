made = client.containers.create("nginx", name=name("web"), ports={80: [("127.0.0.1", web_port)]}, restart_policy={"Name": "always"})
made.start()
