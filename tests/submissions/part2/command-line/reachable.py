shop = name("shop")
!docker rm --force {shop}
!docker run --detach --name {shop} --env LISTEN=0.0.0.0 --publish 127.0.0.1:{shop_port}:8000 {shop}
