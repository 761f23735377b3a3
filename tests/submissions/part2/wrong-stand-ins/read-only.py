import pathlib, shutil

copy = pathlib.Path(site).with_name(name("site-copy"))
shutil.copytree(site, copy, dirs_exist_ok=True)
copy.chmod(0o755)
client.containers.run(
    "nginx", name=name("site"), detach=True, ports={"80/tcp": ("127.0.0.1", None)}, volumes=[f"{copy}:/usr/share/nginx/html:ro"]
)
