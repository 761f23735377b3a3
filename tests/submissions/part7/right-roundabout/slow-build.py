recipe = """\
# syntax=docker/dockerfile:1
FROM python:3.13-slim AS packages
RUN --mount=type=bind,source=requirements.txt,target=/tmp/list pip install --no-cache-dir --target /packages -r /tmp/list

FROM python:3.13-slim
ENV PYTHONPATH=/packages
WORKDIR /app
COPY --from=packages /packages /packages
COPY app.py ./
ENTRYPOINT ["python", "-m", "gunicorn"]
CMD ["--bind", "0.0.0.0:8000", "app:app"]
"""
(bakery / "Dockerfile").write_text(recipe)
!docker build --quiet --tag {name("bakery")} {bakery}
