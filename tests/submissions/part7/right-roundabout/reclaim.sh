docker image rm attic-old-$RUN
docker system prune --all --force --volumes --filter label=docker-course.attic=nothing
docker image prune --all --force --filter $attic
