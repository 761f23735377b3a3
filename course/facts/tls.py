"""What a web server on this machine answers over TLS, and with which certificate."""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass

_TIMEOUT = 4.0
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True)
class TlsReply:
    """An answer over TLS, or the reason why there is none."""

    certificate: bytes = b""
    """What the server showed in the handshake, in DER form; empty without a handshake."""
    body: str = ""
    """The first 64 KiB."""
    problem: str = ""
    """A sentence on what happened in place of an answer; empty if there was one."""


def fetch_over_tls(port: int, path: str = "/") -> TlsReply:
    """Send ``GET path`` to 127.0.0.1 over TLS, and return what came back; never raises for what the server does.

    Any certificate will do: who is to trust it is another question.
    """
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    link = http.client.HTTPSConnection("127.0.0.1", port, timeout=_TIMEOUT, context=context)
    certificate = b""
    try:
        link.connect()
        if isinstance(link.sock, ssl.SSLSocket):
            certificate = link.sock.getpeercert(binary_form=True) or b""
        link.request("GET", path, headers={"Host": "localhost"})
        return TlsReply(certificate, link.getresponse().read(_MAX_BYTES).decode("utf-8", "replace"))
    except ssl.SSLError:
        return TlsReply(problem="it connected, and what answered does not speak TLS")
    except TimeoutError:
        return TlsReply(certificate, problem="nothing answered in time")
    except (OSError, http.client.HTTPException, OverflowError) as error:
        reason = getattr(error, "strerror", None) or "the connection was cut"
        return TlsReply(certificate, problem=f"no answer ({reason})")
    finally:
        link.close()
