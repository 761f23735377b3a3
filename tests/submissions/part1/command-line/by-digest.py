cake, place, tasting = name("cake"), f"localhost:{port}/{name('cake')}", name("tasting")
!docker tag {cake} {place}:1.0
!docker push --quiet {place}:1.0
digests = !docker images --digests --format "{{{{.Digest}}}}" {place}
cake_digest = digests[0]
!docker run --name {tasting} {place}@{cake_digest}
