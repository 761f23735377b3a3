described["services"]["api"]["deploy"] = {"replicas": 3}
Path("compose.yaml").write_text(json.dumps(described))
subprocess.run(["docker", "compose", "up", "--detach", "--wait"], check=True)
