version = client.version()
server_version, api_version = version["Version"], version["MinAPIVersion"]
storage_driver, engine_id = client.info()["Driver"], client.info()["ID"]
