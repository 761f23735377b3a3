!docker run --detach --name {name("teller")} --log-opt max-size={kilobytes}k --log-opt max-file={files} --env LOG_FILE=- --publish 127.0.0.1::8000 {name("teller")}
