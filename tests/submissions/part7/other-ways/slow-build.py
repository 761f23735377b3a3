recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
COPY app.py .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
(bakery / "Dockerfile").write_text(recipe)
!docker build --quiet --tag {name("bakery")} {bakery}
