mkdir -p compose-$RUN
cat > compose-$RUN/compose.yaml << EOT
name: pair-$RUN
services:
  server:
    image: nginx
    container_name: server-$RUN
    mem_limit: 256m
  visitor:
    image: busybox
    container_name: visitor-$RUN
    command: sleep 3600
    init: true
    network_mode: service:server
EOT
docker compose --file compose-$RUN/compose.yaml up --detach
docker container update --memory ${limit_mib}m server-$RUN
