for courier in $(docker ps --filter network=basement-$RUN --format '{{.Names}}'); do
    docker network connect town-$RUN "$courier"
done
