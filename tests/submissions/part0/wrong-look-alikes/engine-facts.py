server_version = "27.3.1"
api_version = "1.47"
storage_driver = "overlay2"
engine_id = "6f3c2c46-0b7e-4d3f-9b60-6c1d5b8f0a11"
