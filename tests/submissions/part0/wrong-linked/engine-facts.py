version, info = client.version(), client.info()
server_version, api_version = version["Version"], version["ApiVersion"]
storage_driver, engine_id = info["Driver"], info["Name"]
