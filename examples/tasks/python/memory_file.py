"""A file that is memory: it has a path for as long as somebody holds it, on no disk, and only for its own user."""
import os


class MemoryFile:
    def __init__(self, name, content="", owner=-1):
        self.number = os.memfd_create(name)
        self.path = f"/proc/self/fd/{self.number}"
        os.fchown(self.number, owner, -1)
        os.fchmod(self.number, 0o600)
        self.write(content)

    def write(self, content):
        os.pwrite(self.number, content.encode(), 0)
        os.ftruncate(self.number, len(content))
