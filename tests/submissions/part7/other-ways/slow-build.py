recipe = """\
FROM python:3.13-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH
COPY --from=packages /venv /venv
WORKDIR /app
COPY app.py .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
(bakery / "Dockerfile").write_text(recipe)
!docker build --quiet --tag {name("bakery")} {bakery}
