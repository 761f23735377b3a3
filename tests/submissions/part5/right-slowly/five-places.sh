docker build -q -t messenger-$RUN $messenger
docker run -d --name messenger-$RUN messenger-$RUN
docker rm -f messenger-$RUN
sed -i 's/COPY . /COPY app.py /' $messenger/Dockerfile
docker build -q --no-cache -t messenger-$RUN $messenger
docker volume create secret-$RUN
docker run --rm -v $messenger:/from:ro -v secret-$RUN:/to busybox sh -c 'cp /from/key.txt /to/key; chown -R 10001 /to; chmod 400 /to/key'
docker run -d --name messenger-$RUN -p 127.0.0.1::8000 -v secret-$RUN:/run/secrets:ro --cpus 0.3 messenger-$RUN
