docker build --quiet --tag app-$RUN .
cat > compose.yaml <<FILE
services:
  app:
    image: app-$RUN
    init: true
    ports: ["127.0.0.1::8000"]
  cache:
    image: redis:8
FILE
docker compose up -d
