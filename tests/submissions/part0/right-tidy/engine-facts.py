about = client.api.version()
server_version = about["Components"][0]["Version"]
api_version = about["ApiVersion"]
storage_driver = client.api.info()["Driver"]
engine_id = client.api.info()["ID"]
