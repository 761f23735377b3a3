recipe = """\
FROM python:3.13-slim AS builder
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN gcc -shared -fPIC -o libchecksum.so checksum.c
RUN pip install --user --no-cache-dir -r requirements.txt
FROM python:3.13-slim
COPY --from=builder /root/.local /root/.local
ENV PATH=/root/.local/bin:$PATH
WORKDIR /app
COPY --from=builder /src/libchecksum.so /src/app.py ./
USER 1000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
setup.write("calculator", {"Dockerfile": recipe})
display(views.build(name("small"), calculator))
