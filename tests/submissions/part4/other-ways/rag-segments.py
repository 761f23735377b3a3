client.networks.create(name("rag-stores"), internal=True)
for service, several in {"web": ["default"], "api": ["default", "stores"], "db": ["stores"]}.items():
    described["services"][service]["networks"] = several
described["services"]["cache"]["networks"] = described["services"]["vectors"]["networks"] = ["stores"]
described["networks"] = {"stores": {"name": name("rag-stores"), "external": True}}
Path("compose.yaml").write_text(json.dumps(described))
subprocess.run(["docker", "compose", "up", "--detach", "--wait"], check=True)
