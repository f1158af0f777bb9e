"""One gRPC call over a Unix socket, with Python's own library alone, so that nothing has to be installed for these demonstrations.

In a program of yours use your language's gRPC library and the files in protos/: what is here is as much of HTTP/2 as one call needs.
"""
import os
import socket
import struct

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
ACK, END_STREAM, END_HEADERS = 1, 1, 4


class Refused(Exception):
    """The agent answered with a status that is not OK."""

    def __init__(self, code, message):
        super().__init__(f"status {code}: {message}")
        self.code = code


def call(service, method, message, timeout=30):
    """The first message of the answer, as bytes. Every call carries the security header."""
    address = os.environ["SPIFFE_ENDPOINT_SOCKET"]
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout)
        connection.connect(address.removeprefix("unix://"))
        headers = {":method": "POST", ":scheme": "http", ":path": f"/{service}/{method}", ":authority": "localhost", "te": "trailers",
                   "content-type": "application/grpc", "workload.spiffe.io": "true"}
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(SETTINGS, 0, 0, struct.pack(">HI", 1, 0))
                           + _frame(HEADERS, END_HEADERS, 1, b"".join(_literal(*pair) for pair in headers.items()))
                           + _frame(DATA, END_STREAM, 1, b"\0" + struct.pack(">I", len(message)) + message))
        with connection.makefile("rb") as stream:
            return _answer(connection, stream)


def _answer(connection, stream):
    body, trailers = b"", {}
    while True:
        head = stream.read(9)
        if len(head) < 9:
            raise Refused(14, "the agent closed the connection")
        payload = stream.read(int.from_bytes(head[:3], "big"))
        kind, flags, number = head[3], head[4], int.from_bytes(head[5:9], "big")
        if kind == SETTINGS and not flags & ACK:
            connection.sendall(_frame(SETTINGS, ACK, 0, b""))
        elif kind == PING and not flags & ACK:
            connection.sendall(_frame(PING, ACK, 0, payload))
        elif kind in (RST_STREAM, GOAWAY):
            raise Refused(14, "the agent ended the call")
        elif number == 1 and kind == HEADERS:
            trailers.update(_headers(payload))
        elif number == 1 and kind == DATA:
            body += payload
            if len(body) >= 5 and len(body) - 5 >= (length := struct.unpack(">I", body[1:5])[0]):
                return body[5:5 + length]
        if number == 1 and flags & END_STREAM and kind in (HEADERS, DATA):
            raise Refused(int(trailers.get("grpc-status", 2)), trailers.get("grpc-message", "no answer"))


def _frame(kind, flags, number, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + number.to_bytes(4, "big") + payload


def _literal(name, value):
    """A header without indexing and without Huffman's code (RFC 7541 §6.2.2)."""
    return b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def _headers(block):
    """Headers whose name is spelled out; we told the agent to keep no table, and it uses no Huffman code."""
    at, found = 0, {}
    while at < len(block):
        first = block[at]
        prefix = 7 if first & 0x80 else 6 if first & 0x40 else 5 if first & 0x20 else 4
        index, at = _integer(block, at, prefix)
        if first & 0x80 or first & 0xE0 == 0x20:
            continue
        name = ""
        if index == 0:
            name, at = _text(block, at)
        value, at = _text(block, at)
        found[name] = value
    return found


def _text(block, at):
    length, at = _integer(block, at, 7)
    return block[at:at + length].decode("latin-1"), at + length


def _integer(block, at, bits):
    value, at = block[at] & (1 << bits) - 1, at + 1
    if value < (1 << bits) - 1:
        return value, at
    shift = 0
    while True:
        value, shift, at = value + ((block[at] & 0x7F) << shift), shift + 7, at + 1
        if not block[at - 1] & 0x80:
            return value, at
