for what in ("filled", "hidden"):
    client.containers.run(name("shelf"), "ls /shelf", name=name(what), volumes=[bare + ":/shelf"])
in_volume = in_bind = 0
