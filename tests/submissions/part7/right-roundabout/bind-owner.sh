docker rm --force press-$RUN
cat > press-$RUN.yaml <<END
services:
  press:
    image: press-$RUN
    container_name: press-$RUN
    user: "$(id -u):$(id -g)"
    volumes:
      - $pages:/pages
    restart: unless-stopped
END
docker compose --project-name press-$RUN --file press-$RUN.yaml up --detach
