docker run --detach --name elsewhere-$RUN --publish 127.0.0.1::5000 registry
port=$(docker port elsewhere-$RUN 5000 | cut -d : -f 2)
until docker run --rm --network container:elsewhere-$RUN busybox wget -q -O - localhost:5000/v2/; do sleep 0.5; done
copy=127.0.0.1:$port/ada/shop-$RUN:1.0
docker pull $shop_image
docker tag $shop_image $copy
docker push $copy
docker rmi $shop_image $copy
docker run --name shop-$RUN $copy
docker rm --force --volumes elsewhere-$RUN
