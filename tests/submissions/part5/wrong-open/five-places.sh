sed -i 's/COPY . /COPY app.py /' $messenger/Dockerfile
docker build -q -t messenger-$RUN $messenger
docker run -d --name messenger-$RUN -p 8000 -v $messenger/key.txt:/run/secrets/key:ro messenger-$RUN
