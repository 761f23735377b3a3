docker compose rm --stop --force relay
sed -i '/relay/d' compose.override.yaml
sed -i 's/^networks:/  door: {image: busybox, init: true, networks: [front], ports: ["80"], command: nc -lk -p 80 -e nc web 80}\n&/' compose.override.yaml
docker compose up -d --wait --scale api=3
