import subprocess


def ask(*words):
    return subprocess.check_output(["docker", *words])  # bytes, with the line's end


server_version = ask("version", "--format", "{{.Server.Version}}")
api_version = ask("version", "--format", "{{.Server.APIVersion}}")
storage_driver = ask("info", "--format", "{{.Driver}}")
engine_id = ask("info", "--format", "{{.ID}}")
