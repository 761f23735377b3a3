predicted("unhealthy")
client.containers.run(
    name("clinic"), name=name("clinic"), detach=True, restart_policy={"Name": "always"},
    healthcheck={
        "test": ["CMD-SHELL", "curl --fail http://127.0.0.1:8000/health || exit 1"],
        "interval": 10**9, "timeout": 10**9, "retries": 2,
    },
)
