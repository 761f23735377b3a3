text = Path("compose.yaml").read_text()
Path("compose.yaml").write_text(text.replace("    init: true\n", """    init: true
    command: sh -c "python migrate.py && exec gunicorn --bind 0.0.0.0:8000 library:app"
""", 1))
!docker compose up --detach --wait
