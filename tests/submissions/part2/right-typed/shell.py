import os, pty, subprocess, time


def talk(*words, lines):
    parent, child = pty.openpty()
    process = subprocess.Popen(words, stdin=child, stdout=child, stderr=child, close_fds=True, start_new_session=True)
    os.close(child)
    for line in lines:
        time.sleep(1)
        os.write(parent, f"{line}\r".encode())
    try:
        while os.read(parent, 4096):
            pass
    except OSError:  # the program has ended
        pass
    process.wait()


run = ["docker", "run", "-it", "--name", name("shell"), "debian:trixie-slim", "bash"]
talk(*run, lines=["whoami", "pwd", f"echo {word} > /root/word.txt", "exit"])
talk("docker", "start", "-ai", name("shell"), lines=["cat /root/word.txt", "exit"])
