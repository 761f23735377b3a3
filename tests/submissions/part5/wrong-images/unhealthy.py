ask = "python -c \"import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')\""
!docker run --detach --name {name("clinic")} --health-cmd '{ask}' --health-interval 1s --health-timeout 2s --health-retries 2 {name("clinic")}
