"""For the image's HEALTHCHECK: ends with 0 if the api answers, with 1 if it does not. It asks the api alone."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

if __name__ == "__main__":
    try:
        with urllib.request.urlopen("http://127.0.0.1:8000/health", timeout=4) as answer:
            print(answer.read().decode())
    except urllib.error.HTTPError as error:
        print(error.read().decode())
        sys.exit(1)
    except OSError as error:
        print(error)
        sys.exit(1)
