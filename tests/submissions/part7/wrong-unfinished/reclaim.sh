docker container prune --force --filter $attic
docker image prune --all --force --filter $attic
