"""Takes a name on a bus and answers nothing. squatter.py SOCKET NAME"""
import socket, struct, sys


def text(value):
    raw = value.encode()
    return struct.pack("<I", len(raw)) + raw + b"\0"


def padded(raw):
    return raw + bytes(-len(raw) % 8)


def field(number, kind, raw):
    return bytes([number, 1]) + kind + b"\0" + raw


def call(serial, member, signature=b"", body=b""):
    bus = text("org.freedesktop.DBus")
    fields = [field(1, b"o", text("/org/freedesktop/DBus")), field(2, b"s", bus), field(6, b"s", bus), field(3, b"s", text(member))]
    if signature:
        fields.append(field(8, b"g", bytes([len(signature)]) + signature + b"\0"))
    fields = b"".join(padded(f) for f in fields[:-1]) + fields[-1]
    return padded(b"l\1\0\1" + struct.pack("<III", len(body), serial, len(fields)) + fields) + body


with socket.socket(socket.AF_UNIX) as bus:
    bus.connect(sys.argv[1])
    bus.sendall(b"\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n")
    name = text(sys.argv[2])
    name += bytes(-len(name) % 4) + struct.pack("<I", 0)
    bus.sendall(call(1, "Hello") + call(2, "RequestName", b"su", name))
    seen = b""
    while sys.argv[2].encode() not in seen:  # NameAcquired
        seen += bus.recv(4096)
    print("taken", flush=True)
    sys.stdin.read()
