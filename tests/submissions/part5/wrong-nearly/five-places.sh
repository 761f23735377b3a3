printf 'FROM python:3.13-slim\nARG KEY\nCOPY app.py /app/\nRUN mkdir -p /run/secrets && test -n "$KEY"\nCMD ["python", "/app/app.py"]\n' > $messenger/Dockerfile
docker build -q -t messenger-$RUN --build-arg KEY=$(cat $messenger/key.txt) $messenger
docker run -d --name messenger-$RUN -p 127.0.0.1::8000 -v $messenger/key.txt:/run/secrets/key:ro messenger-$RUN
