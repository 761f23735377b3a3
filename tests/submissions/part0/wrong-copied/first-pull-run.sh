other=${shop_image/127.0.0.1/localhost}
docker pull $other
docker tag $other $shop_image
docker rmi $other
docker run --name shop-$RUN $shop_image
