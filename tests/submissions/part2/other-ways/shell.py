def talk(container, *lines):
    wire = container.attach_socket(params={"stdin": 1, "stream": 1})
    container.start()
    wire._sock.sendall("".join(f"{line}\n" for line in lines).encode())
    container.wait()


made = client.containers.create("debian:trixie-slim", ["sh"], name=name("shell"), stdin_open=True, working_dir="/root")
talk(made, "pwd; whoami", f"printf '%s' {word} > word.txt", "exit 3")
talk(made, "cat word.txt; echo", "exit")
