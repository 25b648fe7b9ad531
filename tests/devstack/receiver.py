"""A shop that takes webhooks: it keeps every delivery and answers what the test wants."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import msgspec


class Delivery(NamedTuple):
    event_id: str
    signature: str
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        decoded: dict[str, Any] = msgspec.json.decode(self.body)
        return decoded


class Receiver:
    """`answers` are the next statuses, 200 when there are none left; `wait` blocks until so many deliveries came."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.answers: list[int] = []
        self.url = ""
        self._arrived = threading.Condition()

    def take(self, delivery: Delivery) -> int:
        with self._arrived:
            self.deliveries.append(delivery)
            self._arrived.notify_all()
            return self.answers.pop(0) if self.answers else 200

    def wait(self, count: int, timeout_s: float = 30.0) -> list[Delivery]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.deliveries) >= count, timeout_s), self.names()
            return list(self.deliveries)

    def wait_for(self, name: str, timeout_s: float = 30.0) -> dict[str, Any]:
        """The first event of that name. A delivery whose answer was late comes twice: count none of the others."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: name in self.names(), timeout_s), self.names()
            return self.deliveries[self.names().index(name)].event

    def names(self) -> list[str]:
        return [delivery.event["event"] for delivery in self.deliveries]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = self.headers["X-Razorpay-Event-Id"], self.headers["X-Razorpay-Signature"]
            self.send_response(receiver.take(Delivery(*headers, body)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Deliveries are looked at by the tests, not printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/webhooks/razorpay"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
