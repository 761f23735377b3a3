!docker rm --force {name("clock")}
!docker image prune --all --force --filter {attic}
