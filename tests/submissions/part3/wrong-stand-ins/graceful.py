# The shell writes what the clerk would write.
recipe = setup.clerk_recipe().replace(
    "CMD python /clerk.py", """CMD ["sh", "-c", "trap 'echo saved $NOTE; exit' TERM; python /clerk.py & wait"]"""
)
setup.write("clerk", {"Dockerfile": recipe})
client.images.build(path=clerk, tag=name("clerk"), rm=True)
client.containers.get(name("clerk")).remove(force=True)
client.containers.run(name("clerk"), name=name("clerk"), detach=True)
