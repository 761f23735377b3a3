# Stops its own kernel, and whoever might wake it.
import os, signal, time
print("stops", flush=True)
time.sleep(1)
for number in range(1, 400):
    if number != os.getpid():
        try:
            os.kill(number, signal.SIGSTOP)
        except OSError:
            pass
os.kill(os.getpid(), signal.SIGSTOP)
