docker pull $shop_image
digest=$(docker image inspect --format '{{index .RepoDigests 0}}' $shop_image)
docker rmi $shop_image
docker run --name shop-$RUN --init --label by=me --network none $digest
docker tag $digest mine-$RUN:today
