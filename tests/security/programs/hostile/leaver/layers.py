# Leaves without a word, from a thread, while the cell is busy.
import os, threading, time
threading.Timer(1, os._exit, [0]).start()
print("leaves", flush=True)
time.sleep(15)
