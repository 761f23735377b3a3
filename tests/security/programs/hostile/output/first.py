# Output without end: printed, written past Python, displayed, and put into earlier displays.
import os, threading
from IPython.display import HTML, display, update_display
for number in range(100):
    display("x", display_id=f"d{number}")
threading.Thread(target=lambda: [os.write(1, b"y" * 1_000_000) for _ in range(10_000)], daemon=True).start()
while True:
    for number in range(100):
        print("z" * 300_000)
        update_display(HTML("<p>" + "q" * 900_000), display_id=f"d{number}")
