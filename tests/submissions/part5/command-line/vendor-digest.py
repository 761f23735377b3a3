!docker pull --quiet {vendor}
found = !docker inspect --format "{{{{index .RepoDigests 0}}}}" {vendor}
by_digest = found[0]
