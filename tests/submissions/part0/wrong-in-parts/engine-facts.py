version = client.version()
server_version, api_version = version["Version"], version["ApiVersion"]
storage_driver = "ext4"
engine_id = client.info()["ID"]
