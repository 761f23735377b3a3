predicted("unhealthy")
ask = "python -c \"import urllib.request as r; print(r.urlopen('http://localhost:8000/health').read())\" || exit 1"
!docker run --detach --init --name {name("clinic")} --label team=blue --publish 127.0.0.1::8000 --restart always --health-cmd '{ask}' --health-interval 4s --health-timeout 3s --health-retries 3 --health-start-period 5s {name("clinic")}
