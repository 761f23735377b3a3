import docker

server_version = docker.__version__
api_version = docker.constants.DEFAULT_DOCKER_API_VERSION
storage_driver = client.info()["Driver"]
engine_id = client.info()["ID"]
