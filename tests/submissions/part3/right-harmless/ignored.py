# Comments, empty lines, the line ends of Windows, and a name that no file has.
rules = "# secrets\r\n\r\n**/.env\r\n**/*.pem\r\nnode_modules\r\n"
with open(f"{shipment}/.dockerignore", "w", newline="") as file:
    file.write(rules)
!docker build --quiet --tag {name("shipment")} {shipment}
