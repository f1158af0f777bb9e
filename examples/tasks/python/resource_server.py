#!/usr/bin/env python3
"""A resource server that takes nothing but action tokens: each is checked with the agent, counts for what it says, and counts once.

resource_server.py AUDIENCE ORIGIN PORT_FILE METHOD=ACTION…   serves loopback; /a/b stands for ORIGIN/a/b.
"""
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from task import verify

audience, origin, port_file, *rules = sys.argv[1:]
actions = dict(rule.split("=") for rule in rules)


class Resource(BaseHTTPRequestHandler):
    def answer(self):
        verdict = verify(self.headers.get("Authorization", "").removeprefix("Bearer ") or "none", audience, consume=True)
        wanted, place = actions.get(self.command, ""), origin + self.path
        fits = verdict.valid and any(wanted in detail["actions"] and place in detail.get("locations", []) for detail in verdict.details)
        status, text = (200, "done") if fits else (403, "the token is for something else") if verdict.valid else (401, verdict.reason)
        body = f"{text}\n".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Resource)
with open(port_file + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(port_file + ".new", port_file)
server.serve_forever()
