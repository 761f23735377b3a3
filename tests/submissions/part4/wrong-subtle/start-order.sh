docker compose down --timeout 1
cat > compose.override.yaml <<'FILE'
services:
  pause: {image: busybox, command: sleep 8, depends_on: [db]}
  api:
    depends_on: !override
      pause: {condition: service_completed_successfully}
FILE
docker compose up -d
