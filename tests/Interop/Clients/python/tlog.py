"""A verifier of transparency logs written from the public texts alone: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles and tlog-proof,
RFC 6962 section 2.1 and RFC 8785. Of ours it knows only what an entry says of itself: seq and prev.

    tlog.py log DIRECTORY VKEY [WITNESS-VKEY ...]     a directory, and each witness must have cosigned its checkpoint
    tlog.py proof RECEIPT ENTRY VKEY [WITNESS-VKEY ...]

Ends with 0 when everything holds; otherwise with 1, and says on standard error what does not.
"""
import base64
import hashlib
import json
import math
import os
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519, COSIGNATURE = 1, 4
WIDTH, HEIGHT = 256, 8


class Refused(Exception):
    pass


def require(holds, what):
    if not holds:
        raise Refused(what)


def unbase64(text):
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("not base64: " + text[:60])
    require(base64.b64encode(value).decode() == text, "base64 written another way")
    return value


# signed-note

class VerifierKey:
    def __init__(self, text):
        self.name, key_id, material = text.split("+", 2)
        material = unbase64(material)
        self.type, self.public = material[0], material[1:]
        require(self.type in (ED25519, COSIGNATURE) and len(self.public) == 32, "a key of a kind that is not known")
        self.id = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
        require(self.id.hex() == key_id, "the id is not the key's")

    def verify(self, text, signature):
        if self.type == COSIGNATURE:
            require(len(signature) == 72, "a cosignature of another size")
            time = int.from_bytes(signature[:8], "big")
            require(time < 2**63, "a time that is too large")
            text, signature = b"cosignature/v1\ntime %d\n" % time + text, signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            raise Refused("the signature of %s is wrong" % self.name)


def open_note(note, keys):
    """The text of a note that every one of the keys has signed."""
    require(all(byte >= 0x20 or byte == 0x0A for byte in note), "a control character")
    try:
        note.decode()
    except UnicodeDecodeError:
        raise Refused("not UTF-8")
    at = note.rfind(b"\n\n")
    require(at >= 0 and note.endswith(b"\n"), "no blank line before signatures")
    text, lines = note[: at + 1], note[at + 2 : -1].decode().split("\n")
    signed = set()
    for line in lines:
        parts = line.split(" ")
        require(len(parts) == 3 and parts[0] == "\u2014" and parts[1] != "" and "+" not in parts[1], "no signature line")
        value = unbase64(parts[2])
        require(len(value) > 4, "a signature that is too short")
        for key in keys:
            if key.name == parts[1] and key.id == value[:4]:
                key.verify(text, value[4:])
                signed.add(key)
    for key in keys:
        require(key in signed, "%s has not signed" % key.name)
    return text


# tlog-checkpoint

def decimal(text):
    require(text.isascii() and text.isdigit() and (text == "0" or text[0] != "0"), "no decimal number")
    return int(text)


def read_checkpoint(text, origin):
    lines = text.decode().split("\n")
    require(len(lines) >= 4 and lines[-1] == "" and all(lines[:-1]), "not three lines that are not empty")
    require(lines[0] == origin, "another log's checkpoint")
    root = unbase64(lines[2])
    require(len(root) == 32, "a root of another size")
    return decimal(lines[1]), root


# RFC 6962 section 2.1

def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_hash(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(tree_hash(leaves[:split]), tree_hash(leaves[split:]))


def root_of_inclusion(leaf, index, size, path):
    """RFC 6962 section 2.1.1, from the definition of the path: recursively, the last hash of the path is the one at the top."""
    if size == 1:
        require(not path, "hashes that belong to no proof")
        return leaf
    require(path, "a proof that is too short")
    split = 1
    while split * 2 < size:
        split *= 2
    if index < split:
        return node_hash(root_of_inclusion(leaf, index, split, path[:-1]), path[-1])
    return node_hash(path[-1], root_of_inclusion(leaf, index - split, size - split, path[:-1]))


# RFC 8785

def number_text(number):
    if isinstance(number, int):
        require(abs(number) < 2**53, "a number that a double does not hold")
        return str(number)
    require(math.isfinite(number), "a number that is not finite")
    if number == 0:
        return "0"
    digits, exponent = ("%r" % abs(number)), 0
    if "e" in digits:
        digits, power = digits.split("e")
        exponent = int(power)
    whole, _, fraction = digits.partition(".")
    point = len(whole) + exponent
    digits = whole + fraction
    point -= len(digits) - len(digits.lstrip("0"))
    digits = digits.lstrip("0").rstrip("0")
    sign = "-" if number < 0 else ""
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return "%s%se%s%d" % (sign, mantissa, "+" if point > 0 else "-", abs(point - 1))


def string_text(text):
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    return '"' + "".join(short.get(c) or ("\\u%04x" % ord(c) if c < " " else c) for c in text) + '"'


def canonical(value):
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return string_text(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return "{" + ",".join(string_text(name) + ":" + canonical(value[name]) for name in sorted(value, key=lambda name: name.encode("utf-16-be"))) + "}"


def unique(pairs):
    names = [name for name, _ in pairs]
    require(len(set(names)) == len(names), "two members of one name")
    return dict(pairs)


def read_entry(entry):
    try:
        value = json.loads(entry.decode(), object_pairs_hook=unique)
        require(isinstance(value, dict) and canonical(value).encode() == entry, "not canonical")
    except (ValueError, RecursionError):
        raise Refused("no JSON")
    return value


# tlog-tiles

def path_of(kind, index, width):
    parts = ["%03d" % (index % 1000)]
    while index >= 1000:
        index //= 1000
        parts.insert(0, "x%03d" % (index % 1000))
    return "tile/%s/%s" % (kind, "/".join(parts)), "" if width == WIDTH else ".p/%d" % width


def read_tile(directory, kind, index, width):
    """The tile, or the full one that has taken the place of a partial one. The second value tells how wide it is."""
    path, part = path_of(kind, index, width)
    for name, wide in ((path + part, width), (path, WIDTH)):
        try:
            with open(os.path.join(directory, name), "rb") as file:
                return file.read(), wide
        except FileNotFoundError:
            continue
    raise Refused("%s%s is missing" % (path, part))


def hashes_of(directory, level, index, width):
    tile, wide = read_tile(directory, level, index, width)
    require(len(tile) == wide * 32, "tile %d/%d has another size" % (level, index))
    return [tile[at : at + 32] for at in range(0, width * 32, 32)]


def entries_of(directory, index, width):
    bundle, wide = read_tile(directory, "entries", index, width)
    entries, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        require(at + 2 + length <= len(bundle), "bundle %d is torn" % index)
        entries.append(bundle[at + 2 : at + 2 + length])
        at += 2 + length
    require(len(entries) == wide, "bundle %d holds %d entries" % (index, len(entries)))
    return entries[:width]


def verify_log(directory, key, witnesses):
    with open(os.path.join(directory, "checkpoint"), "rb") as file:
        size, root = read_checkpoint(open_note(file.read(), [key, *witnesses]), key.name)
    previous, hashes = bytes(32), []
    for first in range(0, size, WIDTH):
        width = min(WIDTH, size - first)
        entries = entries_of(directory, first // WIDTH, width)
        for offset, entry in enumerate(entries):
            try:
                value = read_entry(entry)
                require(sorted(value) == ["at", "data", "prev", "seq", "type"], "not an entry")
                require(value["seq"] == first + offset, "in another's place")
                require(value["prev"] == base64.urlsafe_b64encode(previous).decode().rstrip("="), "does not name the entry before")
            except Refused as fault:
                raise Refused("entry %d: %s" % (first + offset, fault))
            previous = hashlib.sha256(entry).digest()
        leaves = [leaf_hash(entry) for entry in entries]
        require(leaves == hashes_of(directory, 0, first // WIDTH, width), "tile 0/%d is not that of its entries" % (first // WIDTH))
        hashes += leaves
    require(tree_hash(hashes) == root, "the entries do not lead to the signed root")
    level, below = 1, hashes
    while len(below) >= WIDTH:
        # MTH of each full tile below.
        below = [tree_hash(below[at : at + WIDTH]) for at in range(0, len(below) // WIDTH * WIDTH, WIDTH)]
        for at in range(0, len(below), WIDTH):
            here = below[at : at + WIDTH]
            require(here == hashes_of(directory, level, at // WIDTH, len(here)), "tile %d/%d is not that of the tiles below" % (level, at // WIDTH))
        level += 1
    return size


# tlog-proof

def verify_proof(receipt, entry, key, witnesses):
    header, blank, note = receipt.partition(b"\n\n")
    require(blank, "no blank line before the checkpoint")
    lines = header.decode().split("\n")
    require(lines.pop(0) == "c2sp.org/tlog-proof@v1", "no tlog-proof")
    if lines and lines[0].startswith("extra "):
        unbase64(lines.pop(0)[len("extra ") :])
    require(lines and lines[0].startswith("index "), "no index")
    index = decimal(lines.pop(0)[len("index ") :])
    path = [unbase64(line) for line in lines]
    require(all(len(value) == 32 for value in path), "a hash of another size")
    size, root = read_checkpoint(open_note(note, [key, *witnesses]), key.name)
    require(index < size, "an index beyond the tree")
    require(root_of_inclusion(leaf_hash(entry), index, size, path) == root, "the entry is not in the tree")
    return index


def main(verb, *arguments):
    if verb == "log":
        directory, *keys = arguments
        key, *witnesses = map(VerifierKey, keys)
        print("%d entries" % verify_log(directory, key, witnesses))
    else:
        receipt, entry, *keys = arguments
        key, *witnesses = map(VerifierKey, keys)
        with open(receipt, "rb") as proof, open(entry, "rb") as logged:
            print("entry %d" % verify_proof(proof.read(), logged.read(), key, witnesses))


try:
    main(*sys.argv[1:])
except (Refused, OSError) as refusal:
    print(refusal, file=sys.stderr)
    sys.exit(1)
