version = client.version()
server_version = version["Version"]
api_version = float(version["ApiVersion"])
storage_driver = client.info()["Driver"]
engine_id = client.info()
