printf '**/.env\n**/*.pem\n' > $shipment/.dockerignore
docker build --tag shipment-$RUN $shipment
