"""HTTP/1.1 connections with bounds on what a client may send and on how slowly.

uvicorn's own protocol class reads a header of any length and waits for the rest of a request
without end; whoever opens enough of such connections takes the service from everyone.
"""

from __future__ import annotations

import asyncio
import json

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.errors import PROBLEM, BadRequest, problem

# The parser of addresses counts in 16 bits; longer queries come by POST.
MOST_BYTES = 65_535
REQUEST_SECONDS = 30.0
READER_SECONDS = 60.0
LINGER_SECONDS = 1.0


class BoundedConnection(HttpToolsProtocol):
    """One connection: refuses with 408, 414 or 431 as a problem document, and closes.

    A request must be whole within REQUEST_SECONDS, its address and header within MOST_BYTES each; a
    client that takes nothing of its answer for READER_SECONDS is cut off.
    """

    _size = 0
    _header_size = 0
    _in_header = True
    _refused = False
    _refusal: BadRequest | None = None
    _request_timer: asyncio.TimerHandle | None = None
    _reader_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Wait for the first request, but not without end."""
        super().connection_made(transport)
        self._expect_whole_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._request_is_whole()
        self._reader_goes_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a header that has no end yet; the parser may hold it without a word."""
        if self._refused:
            return
        super().data_received(data)
        if not self._in_header or self._refused:
            return
        self._size += len(data)
        if self._size > 3 * MOST_BYTES:
            self._refuse(_too_long(431, "header"))

    def on_message_begin(self) -> None:
        """Start to count and to wait."""
        super().on_message_begin()
        self._size, self._header_size, self._in_header = 0, 0, True
        self._expect_whole_request()

    def on_url(self, url: bytes) -> None:
        """Bound the address; what is raised here comes back as a parser's error."""
        super().on_url(url)
        self._check_length(414, "address", len(self.url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Bound all header lines together."""
        super().on_header(name, value)
        self._header_size += len(name) + len(value) + 4
        self._check_length(431, "header", self._header_size)

    def on_headers_complete(self) -> None:
        """What follows is a body, which the application bounds."""
        self._in_header = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: the pool's limits take over."""
        self._request_is_whole()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client does not read as fast as we write."""
        super().pause_writing()
        self._reader_timer = self.loop.call_later(READER_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads on."""
        self._reader_goes_on()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn calls when it cannot parse a request."""
        self._refuse(self._refusal or BadRequest(400, msg))

    def _check_length(self, status: int, what: str, length: int) -> None:
        if length > MOST_BYTES:
            self._refusal = _too_long(status, what)
            raise self._refusal

    def _expect_whole_request(self) -> None:
        self._request_is_whole()
        self._request_timer = self.loop.call_later(REQUEST_SECONDS, self._too_slow)

    def _too_slow(self) -> None:
        if self.flow.read_paused:  # it is we who do not read: another request is being answered first
            self._expect_whole_request()
        elif self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            self._refuse(BadRequest(408, f"the request was not whole after {REQUEST_SECONDS:g} s"))
        else:
            self.transport.close()

    def _request_is_whole(self) -> None:
        if self._request_timer is not None:
            self._request_timer.cancel()

    def _reader_goes_on(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()

    def _refuse(self, error: BadRequest) -> None:
        body = json.dumps(problem(error)).encode()
        lines = (f"content-type: {PROBLEM}", f"content-length: {len(body)}", "connection: close", "", "")
        self.transport.write(STATUS_LINE[error.status] + "\r\n".join(lines).encode() + body)
        self._refused = True
        self._request_is_whole()
        # To close with bytes unread would reset the line, and the client might never see the reason.
        self.loop.call_later(LINGER_SECONDS, self.transport.close)
        if self.transport.can_write_eof():
            self.transport.write_eof()


def _too_long(status: int, what: str) -> BadRequest:
    return BadRequest(status, f"the {what} is longer than {MOST_BYTES:,} bytes; send a long query as a POST")
