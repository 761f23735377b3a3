# The library comes from the image that the set-up has built; three workers, a health check.
recipe = f"""\
FROM {name("naive")} AS naive
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY --from=naive /app/libchecksum.so .
COPY app.py .
USER nobody
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "pass"]
CMD exec gunicorn --workers 3 --bind 0.0.0.0:8000 app:app
"""
setup.write("calculator", {"Dockerfile": recipe})
!docker build --quiet --tag {name("small")} {calculator}
