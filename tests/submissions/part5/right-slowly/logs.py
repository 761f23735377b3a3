settings = "--log-driver local --log-opt compress=false"
!docker run --detach --name {name("teller")} {settings} --log-opt max-size={kilobytes}k --log-opt max-file={files} --cpus 0.3 --env LOG_FILE=- --publish 127.0.0.1:{free_port()}:8000 {name("teller")} python -u /app/app.py
