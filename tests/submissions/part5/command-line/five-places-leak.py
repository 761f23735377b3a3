history = !docker history --no-trunc --format "{{{{.CreatedBy}}}}" {name("courier")}
settings = !docker inspect --format "{{{{json .Config.Env}}}}" {name("courier")}
labels = !docker inspect --format "{{{{json .Config.Labels}}}}" {name("courier")}
board = !docker exec {name("courier")} sh -c "cat /srv/board/*"
places = {"history": history, "environment": settings, "label": labels, "mount": board}
leak = next((place for place, lines in places.items() if any(leaked in line for line in lines)), "layer")
