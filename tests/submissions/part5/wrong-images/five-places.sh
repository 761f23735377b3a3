sed -i 's/COPY . /COPY app.py /' $messenger/Dockerfile
docker build -q -t messenger-$RUN $messenger
echo key-0123456789abcdef > $messenger/key.txt
docker run -d --name messenger-$RUN -p 127.0.0.1::8000 -v $messenger/key.txt:/run/secrets/key:ro messenger-$RUN
