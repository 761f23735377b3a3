# The list is only tried; what is installed is a second list.
recipe = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --dry-run --no-deps -r requirements.txt && pip install --no-cache-dir flask gunicorn
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("slow", {"Dockerfile": recipe})
!docker build --quiet --tag {name("quick")} {slow}
