predicted("moved-tag")
menu, kitchen = name("menu"), name("kitchen")
!docker tag {menu}:2 {menu}:stable
[kitchen_image] = !docker inspect --format "{{{{.Image}}}}" {kitchen}
[first] = !docker image inspect --format "{{{{.Id}}}}" {menu}:1
compare("moved-tag", 1 if kitchen_image == first else 2)
