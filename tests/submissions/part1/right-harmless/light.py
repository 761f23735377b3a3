start = heavy_dockerfile.split("RUN yes")[0]
work = [line.removeprefix("RUN ") for line in heavy_dockerfile.splitlines() if line.startswith("RUN")]
end = 'USER 1000:1000\nENTRYPOINT ["cat"]\nCMD ["/report.txt"]\n'
text = f"{start}LABEL by=me\nENV MORE=more\n# one step\nRUN set -e; \\\n  " + "; \\\n  ".join(work) + f"\n{end}"
client.images.build(fileobj=io.BytesIO(text.replace("\n", "\r\n").encode()), tag=name("light"), rm=True)
