[shop_word] = !docker logs {name("shop")}
