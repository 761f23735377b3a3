Path("tables.sql").write_text("""
CREATE TABLE IF NOT EXISTS books (id serial PRIMARY KEY, title text NOT NULL);
INSERT INTO books (title) SELECT * FROM (VALUES ('Moby-Dick'), ('Emma'), ('The Time Machine')) AS new (title)
WHERE NOT EXISTS (SELECT 1 FROM books);
""")
Path("tables.sql").chmod(0o644)
text = Path("compose.yaml").read_text()
Path("compose.yaml").write_text(text.replace("services:\n", """services:
  migrate:
    image: postgres:17
    environment: *database
    entrypoint: psql --file /tables.sql
    volumes:
      - ./tables.sql:/tables.sql:ro
    profiles: [tools]
    depends_on:
      db: {condition: service_healthy}

""", 1))
!docker compose run --rm migrate
