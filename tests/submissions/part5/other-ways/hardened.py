Path("kiosk.yaml").write_text(f"""
services:
  kiosk:
    image: {name("kiosk")}
    container_name: {name("kiosk")}
    user: "20000:20000"
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    read_only: true
    tmpfs: [/tmp]
    ports: ["127.0.0.1::8000"]
""")
project = name("project-kiosk")
!docker compose --project-name {project} --file kiosk.yaml up --detach
