setup.write("shipment", {".dockerignore": ".env\n*.pem\n"})
image = name("shipment")
!docker build --tag {image} {shipment}
