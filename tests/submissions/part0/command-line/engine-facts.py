[server_version] = !docker version --format "{{{{.Server.Version}}}}"
[api_version] = !docker version --format "{{{{.Server.APIVersion}}}}"
[storage_driver] = !docker info --format "{{{{.Driver}}}}"
[engine_id] = !docker info --format "{{{{.ID}}}}"
