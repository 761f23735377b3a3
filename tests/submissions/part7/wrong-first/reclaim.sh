docker system prune --all --volumes --force --filter $attic
