predicted("unhealthy")
ask = "test -e /tmp/ill && exit 1; python -c \"import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')\" || { touch /tmp/ill; exit 1; }"
!docker run --detach --name {name("clinic")} --restart always --health-cmd '{ask}' --health-interval 1s --health-timeout 2s --health-retries 2 --health-start-period 1s {name("clinic")}
