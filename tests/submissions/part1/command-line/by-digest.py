cake, place, tasting = name("cake"), f"localhost:{port}/{name('cake')}", name("tasting")
!docker tag {cake} {place}:1.0
!docker push --quiet {place}:1.0
[by_digest] = !docker image inspect --format "{{{{index .RepoDigests 0}}}}" {place}:1.0
cake_digest = by_digest.split("@")[1]
!docker run --name {tasting} {by_digest}
