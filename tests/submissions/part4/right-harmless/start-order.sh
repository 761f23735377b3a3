docker compose down --timeout 1
cat > compose.override.yaml <<'FILE'
services:
  until-ready:
    image: postgres:17
    entrypoint: ["bash", "-c"]
    command: ["until pg_isready --quiet --host db --username postgres; do sleep 0.3; done"]
    depends_on: [db]
  api:
    labels: {team: blue}
    depends_on: !override
      until-ready:
        condition: service_completed_successfully
FILE
docker compose up -d
