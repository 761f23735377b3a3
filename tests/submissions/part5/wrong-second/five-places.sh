sed -i 's/COPY . /COPY app.py /' $messenger/Dockerfile
docker build -q -t messenger-$RUN $messenger
docker run -d --name messenger-$RUN -p 127.0.0.1::8000 --tmpfs /run/secrets:mode=777 --env KEY=$(cat $messenger/key.txt) messenger-$RUN sh -c 'echo $KEY > /run/secrets/key; exec python /app/app.py'
