import pathlib

head, tail = heavy_dockerfile.split("RUN yes", 1)
work, end = tail.split("RUN rm data\n")
stages = "FROM busybox AS maker\nWORKDIR /work\nRUN yes" + work + head + "COPY --from=maker /report.txt /\n" + end
stages = stages.replace('CMD ["cat", "/report.txt"]', "CMD cat /report.txt")
pathlib.Path("Dockerfile.light").write_text(stages)
image = name("light")
!docker build --tag {image} - < Dockerfile.light
