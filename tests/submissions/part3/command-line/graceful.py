import pathlib

file = pathlib.Path(clerk, "Dockerfile")
file.write_text(file.read_text().replace("CMD python /clerk.py", 'ENTRYPOINT ["python", "/clerk.py"]'))
image = name("clerk")
!docker build --tag {image} {clerk}
!docker rm --force {image}
!docker run --detach --name {image} {image}
