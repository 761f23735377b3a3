copied = name("site")
!docker run --detach --name {copied} --publish 127.0.0.1::80 nginx
!docker cp {site}/index.html {copied}:/usr/share/nginx/html/index.html
