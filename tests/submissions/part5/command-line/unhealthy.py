predicted("unhealthy")
clinic = name("clinic")
ask = "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')"
!docker run --detach --name {clinic} --restart unless-stopped --health-cmd "python -c \"{ask}\"" --health-interval 1s --health-timeout 2s --health-retries 2 {clinic}
