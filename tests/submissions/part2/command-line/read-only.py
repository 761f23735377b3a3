web = name("site")
pages = "/usr/share/nginx/html"
!docker run --detach --name {web} --publish 127.0.0.1::80 --mount type=bind,source={site},target={pages},readonly nginx
