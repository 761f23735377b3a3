server=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' names-$RUN)
docker network connect town-$RUN $internal_courier
docker rm -f $dns_courier $proxy_courier
docker run -d --name $dns_courier --network town-$RUN --dns $server -e SERVER=$depot_name courier-$RUN
docker run -d --init --name $proxy_courier --network town-$RUN --dns $server -e SERVER=$depot_name -e http_proxy= -e HTTP_PROXY= courier-$RUN
