import http.client, json, socket

from course import socket_path


def ask(path):
    link = http.client.HTTPConnection("localhost")
    link.sock = socket.socket(socket.AF_UNIX)
    link.sock.connect(socket_path())
    link.request("GET", path)
    answer = json.load(link.getresponse())
    link.close()
    return answer


server_version = ask("/version")["Components"][0]["Version"]
api_version = "v" + ask("/version")["Components"][0]["Details"]["ApiVersion"]
storage_driver = ask("/info")["Driver"] + "\n"
engine_id = ask("/info")["ID"]
