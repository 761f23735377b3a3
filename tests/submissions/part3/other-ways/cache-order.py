# The list through a bind mount, a cache for pip, a heredoc: BuildKit only.
recipe = """\
FROM python:3.13-slim
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=bind,source=requirements.txt,target=/list.txt <<END
set -e
pip install --requirement /list.txt
END
COPY app.py ./
EXPOSE 8000
CMD exec gunicorn --bind 0.0.0.0:8000 app:app
"""
setup.write("slow", {"Dockerfile": recipe})
image = name("quick")
!docker buildx build --load --tag {image} {slow}
