for courier in $(docker ps --filter network=cellar-$RUN --format '{{.Names}}'); do
    docker network connect town-$RUN "$courier"
done
