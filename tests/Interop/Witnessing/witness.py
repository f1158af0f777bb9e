"""A witness (C2SP tlog-witness), written from the public texts only: tlog-witness, tlog-checkpoint, tlog-cosignature, signed-note, RFC 9162 2.1.4.2.

witness.py FOLDER LOG_KEYS    serves until it is killed; prints "VKEY URL". What it has cosigned, and its key, lie in FOLDER; the keys of logs that it
knows are read from LOG_KEYS, a verifier key on each line.
"""
import base64, hashlib, http.server, json, os, struct, sys, time
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAME = "witness.example/python"
folder, log_keys = sys.argv[1:]
state_file, key_file = os.path.join(folder, "state.json"), os.path.join(folder, "key")


def own_key():
    if not os.path.exists(key_file):
        raw = Ed25519PrivateKey.generate().private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
        with open(os.open(key_file, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as out:
            out.write(raw)
    with open(key_file, "rb") as held:
        return Ed25519PrivateKey.from_private_bytes(held.read())


key = own_key()
public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(name, kind, raw):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + raw).digest()[:4]


own_id = key_id(NAME, 4, public)


def known_logs():
    """origin -> [(id, public key)]"""
    logs = {}
    with open(log_keys) as lines:
        for line in lines.read().split():
            name, _, blob = line.split("+", 2)
            raw = base64.b64decode(blob)
            if raw[0] == 1:
                logs.setdefault(name, []).append((key_id(name, 1, raw[1:]), Ed25519PublicKey.from_public_bytes(raw[1:])))
    return logs


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def consistent(first, second, first_root, second_root, path):
    """RFC 9162 2.1.4.2"""
    if first == second:
        return not path and first_root == second_root
    if not path:
        return False
    if first & (first - 1) == 0:
        path = [first_root] + path
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == first_root and sr == second_root and sn == 0


class Refused(Exception):
    def __init__(self, status, body=b"", kind="text/plain"):
        self.status, self.body, self.kind = status, body, kind


def add_checkpoint(body):
    head, _, note = body.partition(b"\n\n")
    text, _, signatures = note.rpartition(b"\n\n")
    text += b"\n"
    lines = head.decode().split("\n")
    if not lines[0].startswith("old "):
        raise Refused(400)
    old, path = int(lines[0][4:]), [base64.b64decode(line, validate=True) for line in lines[1:]]
    origin, size, root = text.decode().split("\n")[:3]
    size, root = int(size), base64.b64decode(root, validate=True)
    keys = known_logs().get(origin)
    if not keys:
        raise Refused(404)
    good = False
    for line in signatures.decode().splitlines():
        dash, name, blob = line.split(" ")
        raw = base64.b64decode(blob)
        for known_id, known in keys:
            if name == origin and raw[:4] == known_id:
                try:
                    known.verify(raw[4:], text)
                    good = True
                except InvalidSignature:
                    raise Refused(403)
    if not good:
        raise Refused(403)
    if old > size:
        raise Refused(400)
    state = json.load(open(state_file)) if os.path.exists(state_file) else {}
    last_size, last_root = state.get(origin, [0, ""])
    if old != last_size:
        raise Refused(409, b"%d\n" % last_size, "text/x.tlog.size")
    if size == 0 and root != hashlib.sha256(b"").digest():
        raise Refused(422)
    if old == 0:
        if path:
            raise Refused(422)
    elif not consistent(old, size, base64.b64decode(last_root), root, path):
        raise Refused(422)
    state[origin] = [size, base64.b64encode(root).decode()]
    with open(state_file + ".new", "w") as out:
        json.dump(state, out)
        out.flush()
        os.fsync(out.fileno())
    os.rename(state_file + ".new", state_file)
    now = int(time.time())
    signature = key.sign(b"cosignature/v1\ntime %d\n" % now + text)
    blob = base64.b64encode(own_id + struct.pack(">Q", now) + signature).decode()
    return f"\u2014 {NAME} {blob}\n".encode()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            status, kind, answer = 200, "text/plain", add_checkpoint(body) if self.path == "/submit/add-checkpoint" else self.missing()
        except Refused as refused:
            status, kind, answer = refused.status, refused.kind, refused.body
        except (ValueError, IndexError):
            status, kind, answer = 400, "text/plain", b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def missing(self):
        raise Refused(404)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
vkey = f"{NAME}+{own_id.hex()}+{base64.b64encode(bytes([4]) + public).decode()}"
print(vkey, f"http://127.0.0.1:{server.server_port}/submit/", flush=True)
server.serve_forever()
