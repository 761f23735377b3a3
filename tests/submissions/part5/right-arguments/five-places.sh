echo '**/key*' > $messenger/.dockerignore
docker build -q -t messenger-$RUN $messenger
docker create --name messenger-$RUN -p 127.0.0.1::8000 messenger-$RUN
mkdir secrets-$RUN; cp $messenger/key.txt secrets-$RUN/key
docker rm messenger-$RUN
docker run -d --name messenger-$RUN -p 127.0.0.1:0:8000 --mount type=bind,src=$PWD/secrets-$RUN,dst=/run/secrets messenger-$RUN
