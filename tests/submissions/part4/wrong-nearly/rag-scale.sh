docker compose rm --stop --force relay
sed -i '/relay/d' compose.override.yaml
sed -i 's/^networks:/  door: {image: busybox, init: true, networks: [front], ports: ["80"], command: sh -c "while :; do nc -l -p 80 -e nc web 80; done"}\n&/' compose.override.yaml
docker compose up -d --wait --scale api=3
