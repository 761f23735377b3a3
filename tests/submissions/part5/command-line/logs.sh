docker run --detach --name teller-$RUN --env LOG_FILE=- --env PYTHONUNBUFFERED=1 --log-driver local --log-opt max-size=${kilobytes}k --log-opt max-file=$files --publish 127.0.0.1::8000 teller-$RUN
