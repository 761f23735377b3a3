!printf '**/.env\n**/*.pem\n' > {shipment}/.dockerignore
image = name("shipment")
!docker build --tag {image} {shipment}
