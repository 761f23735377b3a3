version = client.version()
server_version = next(part["Version"] for part in version["Components"] if part["Name"] == "containerd")
api_version = version["ApiVersion"]
storage_driver = client.info()["Driver"]
engine_id = client.info()["ID"]
