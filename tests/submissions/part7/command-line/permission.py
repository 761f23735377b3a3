user = !docker inspect --format "{{{{.Config.User}}}}" {name("scribe")}
!docker run --rm --user 0 --entrypoint chown --mount type=volume,source={name("archive")},target=/archive {name("scribe")} -R {user[0]}:{user[0]} /archive
!docker start {name("scribe")}
