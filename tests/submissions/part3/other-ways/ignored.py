# All out, then in by name, then out again what must not be in.
rules = "*\n!start.sh\n!docs\n!services\n!backup\n**/.env\n**/*.pem\n"
setup.write("shipment", {".dockerignore": rules})
image = name("shipment")
!docker build --tag {image} {shipment}
