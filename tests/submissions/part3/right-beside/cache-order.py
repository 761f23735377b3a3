# The packages come from a stage of their own; a first try had the wrong order.
client.images.build(path=slow, tag=name("quick"), rm=True)
recipe = """\
FROM python:3.13-slim AS packages
COPY requirements.txt .
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir -r requirements.txt
FROM python:3.13-slim
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY app.py .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("slow", {"Dockerfile": recipe})
!docker build --quiet --tag {name("quick")} {slow}
