# It is built from a directory of its own; the one of the exercise has the old Dockerfile.
import shutil

shutil.copytree(calculator, "elsewhere", dirs_exist_ok=True)
recipe = f"""\
FROM {name("naive")} AS naive
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY --from=naive /app/libchecksum.so /app/app.py ./
USER 1000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
with open("elsewhere/Dockerfile", "w") as file:
    file.write(recipe)
!docker build --quiet --tag {name("small")} elsewhere
