"""Does the task on behalf of a program that knows nothing of tasks: it is the program's only way out, and asks before each of its calls.

guard.py SOCKET CMD…   The program is a child and so has no identity, no token and no right of its own.
"""
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import UnixStreamServer

from resource import use
from task import authorize

ACTIONS = {"GET": "list", "POST": "label", "PUT": "close", "DELETE": "delete"}


class Guard(BaseHTTPRequestHandler):
    def pass_on(self):
        decision = authorize("shipping", ACTIONS[self.command], "https://ship.example.org" + self.path, audience="shipping")
        status = use(self.command, self.path, decision.token) if decision.outcome == "permit" else 403
        body = f"{decision.reason or 'done'}\n".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = pass_on

    def log_message(self, *_):
        pass

    def address_string(self):
        return ""


os.umask(0o077)
path, *command = sys.argv[1:]
with UnixStreamServer(path, Guard) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    status = subprocess.run(command, check=False).returncode
    server.shutdown()
os.unlink(path)
sys.exit(status)
