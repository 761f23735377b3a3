other=${shop_image/127.0.0.1/localhost}
docker pull $other
docker tag $other $shop_image
docker save --output shop.tar $shop_image
docker rmi $other $shop_image
docker load --input shop.tar
rm shop.tar
docker run --name shop-$RUN $shop_image
