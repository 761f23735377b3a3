with open("compose.override.yaml", "a") as file:
    file.write(f"""
x-api: &api
  container_name: {name("rag-the-api")}
""")
text = Path("compose.override.yaml").read_text().replace("  api:\n", "  api:\n    <<: *api\n", 1)
head, _, api = text.partition("\nx-api")
Path("compose.override.yaml").write_text(f"x-api{api}\n{head}")
!docker compose up --detach --wait --wait-timeout 90
!docker compose up --detach --wait --wait-timeout 90 --scale api=3
