printf 'FROM python:3.13-slim\nCOPY app.py key.txt /app/\nRUN mkdir -p /run/secrets && mv /app/key.txt /run/secrets/key\nCMD ["python", "/app/app.py"]\n' > $messenger/Dockerfile
docker build -q -t messenger-$RUN $messenger
docker run -d --name messenger-$RUN -p 127.0.0.1::8000 messenger-$RUN
