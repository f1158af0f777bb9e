"""Protobuf messages by their field numbers, as protos/spiffeagent/task/v1/task.proto has them."""


class Message:
    """What was received: fields by number, each the last that came."""

    def __init__(self, content):
        self._fields, at = {}, 0
        while at < len(content):
            tag, at = _varint(content, at)
            if tag & 7 == 0:
                value, at = _varint(content, at)
            else:  # Length-delimited: no message of these services has other kinds.
                length, at = _varint(content, at)
                value, at = content[at:at + length], at + length
            self._fields.setdefault(tag >> 3, []).append(value)

    def text(self, number):
        return self.content(number).decode()

    def content(self, number):
        return self._fields.get(number, [b""])[-1]

    def number(self, number):
        value = self._fields.get(number, [0])[-1]
        return value - (1 << 64) if value >> 63 else value

    def messages(self, number):
        return [Message(content) for content in self._fields.get(number, [])]


def encode(fields):
    """A message from fields by number: texts, bytes, whole numbers, messages as dicts of their own, and lists of those. What is empty is left out."""
    return b"".join(_field(number, item) for number, value in fields.items() for item in (value if isinstance(value, list) else [value]) if item)


def _field(number, value):
    if isinstance(value, int):
        return _bytes(number << 3) + _bytes(value)
    content = encode(value) if isinstance(value, dict) else value.encode() if isinstance(value, str) else value
    return _bytes(number << 3 | 2) + _bytes(len(content)) + content


def _bytes(value):
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*result, value])


def _varint(content, at):
    value = shift = 0
    while True:
        value, shift, at = value | (content[at] & 0x7F) << shift, shift + 7, at + 1
        if not content[at - 1] & 0x80:
            return value, at
