predicted("layers")
import pathlib, subprocess

pathlib.Path("Dockerfile.layers").write_text(dockerfile)
image = name("layers")
!docker build --tag {image} - < Dockerfile.layers


def count(image):
    line = ["docker", "image", "inspect", "--format", "{{len .RootFS.Layers}}", image]
    return int(subprocess.check_output(line))


layers_added = count(image) - count("busybox")
compare("layers", layers_added)
