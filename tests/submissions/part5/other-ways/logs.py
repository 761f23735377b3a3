Path("teller.yaml").write_text(f"""
services:
  teller:
    build:
      dockerfile_inline: |
        FROM {name("teller")}
        RUN ln -s /dev/stdout /var/log/teller.log
    image: {name("teller-linked")}
    container_name: {name("teller")}
    ports: ["127.0.0.1::8000"]
    logging:
      driver: json-file
      options:
        max-size: {kilobytes}kb
        max-file: "{files}"
""")
project = name("project-teller")
!docker compose --project-name {project} --file teller.yaml up --detach --build
