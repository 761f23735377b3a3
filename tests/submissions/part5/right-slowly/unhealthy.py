predicted("unhealthy")
ask = "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')"
!docker run --detach --name {name("clinic")} --restart on-failure:5 --health-cmd "python -c \"{ask}\"" {name("clinic")}
