db = client.containers.get(f"{Path(archive).name}-db-1")
Path("backup.sql").write_bytes(db.exec_run(["pg_dumpall", "-U", "librarian"]).output)
