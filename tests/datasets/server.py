"""A small web server on loopback: serves bytes by name, understands Range, can break off, and counts what it is
asked.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """files: name -> contents; `break_after`: bytes after which the next answer stops; `ranges`: understand Range
    at all?
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.break_after, self.ranges = files, 0, True
        self.asked: list[tuple[str, str | None]] = []  # (name, Range header)
        self.url = ""


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Site]:
    site = Site(files)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    site.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name, wanted = self.path.lstrip("/"), self.headers.get("Range")
            site.asked.append((name, wanted))
            if name not in site.files:
                self.send_error(404)
                return
            contents = site.files[name]
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and site.ranges else 0
            if start >= len(contents) and start:
                self.send_error(416)
                return
            body = contents[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            cut, site.break_after = site.break_after, 0
            self.wfile.write(body[:cut] if cut else body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler
