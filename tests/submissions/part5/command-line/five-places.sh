printf 'key.txt\nDockerfile\n' > $messenger/.dockerignore
docker build --quiet --tag messenger-$RUN $messenger
docker run -d --name messenger-$RUN -p 127.0.0.1::8000 -v $messenger/key.txt:/run/secrets/key:ro messenger-$RUN
