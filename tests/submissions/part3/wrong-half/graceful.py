# A script passes the signal on, and says in the end that something was wrong.
recipe = setup.clerk_recipe().replace("CMD python /clerk.py", 'COPY start.sh /\nCMD ["sh", "/start.sh"]')
start = "python /clerk.py &\ntrap 'kill $!; wait; exit 3' TERM\nwait\n"
setup.write("clerk", {"Dockerfile": recipe, "start.sh": start})
client.images.build(path=clerk, tag=name("clerk"), rm=True)
client.containers.get(name("clerk")).remove(force=True)
client.containers.run(name("clerk"), name=name("clerk"), detach=True)
