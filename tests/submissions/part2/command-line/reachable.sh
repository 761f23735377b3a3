docker rm --force shop-$RUN
docker run --detach --name shop-$RUN --env LISTEN=0.0.0.0 --publish 127.0.0.1:$shop_port:8000 shop-$RUN
