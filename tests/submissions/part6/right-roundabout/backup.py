project = Path(archive).name
password = Path(".env").read_text().strip().partition("=")[2]
output = client.containers.run(
    "postgres:17", ["pg_dump", "--host", "db", "--username", "librarian", "--inserts", "--no-owner", "library"],
    network=f"{project}_default", environment={"PGPASSWORD": password}, remove=True,
)
Path("backup.sql").write_bytes(b"-- A backup\n\n" + output)
