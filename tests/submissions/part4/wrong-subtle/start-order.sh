docker compose down --timeout 1
cat > compose.override.yaml <<'FILE'
services:
  pause: {image: "postgres:17", entrypoint: [bash, -c], command: ["for i in $$(seq 30); do pg_isready -h db && break; sleep 1; done"], depends_on: [db]}
  api:
    depends_on: !override
      pause: {condition: service_completed_successfully}
FILE
docker compose up -d
