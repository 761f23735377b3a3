!docker run --detach --name {name("teller")} --log-opt max-size={kilobytes}m --log-opt max-file={files} --env LOG_FILE=- --env PYTHONUNBUFFERED=1 --publish 8000 {name("teller")}
