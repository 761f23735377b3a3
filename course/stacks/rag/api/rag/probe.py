"""For the image's HEALTHCHECK: ends with 0 if the api is ready, with 1 if it is not."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

if __name__ == "__main__":
    try:
        with urllib.request.urlopen("http://127.0.0.1:8000/ready", timeout=4) as answer:
            print(answer.read().decode())
    except urllib.error.HTTPError as error:  # it answered: it is not ready, and says why
        print(error.read().decode())
        sys.exit(1)
    except OSError as error:
        print(error)
        sys.exit(1)
