"""Hostile clients of the socket argv[2]; each says "ready" when it has done its worst and stays until its standard input ends."""
import socket, sys

attack, path = sys.argv[1], sys.argv[2]
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
held = []


def connect():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.settimeout(30)
    s.connect(path)
    held.append(s)
    return s


def quietly(send):
    try:
        send()
    except OSError:
        pass  # refused or closed: that is the answer


if attack == "idle":
    for _ in range(int(sys.argv[3])):
        quietly(connect)
elif attack == "garbage":
    for i in range(300):
        quietly(lambda: connect().sendall(bytes([i % 256]) * 4096))
elif attack == "half-open":
    for _ in range(300):
        quietly(lambda: connect().sendall(PREFACE + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00" + b"\x00\x10\x00\x01"))
elif attack == "never-reads":
    # SETTINGS, then pings without end, whose answers nobody takes.
    s = connect()
    s.settimeout(2)
    quietly(lambda: [s.sendall((PREFACE + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00") if i == 0 else b"\x00\x00\x08\x06\x00\x00\x00\x00\x0012345678" * 200) for i in range(20000)])

print("ready", flush=True)
sys.stdin.read()
