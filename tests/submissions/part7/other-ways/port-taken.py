from course import free_port

port = str(taken)
holder = [
    container.id
    for container in client.containers.list()
    if any(place["HostPort"] == port for places in container.ports.values() for place in places or ())
][0]
client.containers.get(name("kiosk")).remove()
made = client.containers.create(name("kiosk"), name=name("second-kiosk"), ports={"8000/tcp": ("127.0.0.1", free_port())})
made.start()
