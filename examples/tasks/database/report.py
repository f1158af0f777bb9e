"""A report: reads the orders with the task's certificate, until that counts no more.

report.py PORT finish|expire|rows   finish: the task ends, and its certificate is tried again; expire: so it is when its time is over.
"""
import subprocess
import sys
import time
from base64 import encodebytes

from memory_file import MemoryFile
from task import complete, expect, x509_svid

REASONS = ("certificate revoked", "certificate expired")
port, then = sys.argv[1:]


def pem(label, der):
    return f"-----BEGIN {label}-----\n{encodebytes(der).decode()}-----END {label}-----\n"


spiffe_id, certificate, private_key, authorities = x509_svid()
files = {"sslcert": MemoryFile("chain", pem("CERTIFICATE", certificate)), "sslkey": MemoryFile("key", pem("PRIVATE KEY", private_key)),
         "sslrootcert": MemoryFile("bundle", pem("CERTIFICATE", authorities))}


def query():
    """How many orders there are, or why the server does not say. psql is a child: it has the key that it is given, and no identity."""
    place = f"host=localhost hostaddr=127.0.0.1 port={port} dbname=postgres user=report sslmode=verify-full " + " ".join(f"{name}={file.path}" for name, file in files.items())
    ended = subprocess.run(["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command", "select count(*) from orders", place],
                           pass_fds=[file.number for file in files.values()], capture_output=True, text=True, check=False)
    return next((reason for reason in REASONS if reason in ended.stderr), (ended.stdout + ended.stderr).strip())


if then == "rows":
    expect("orders that it sees", query(), "0")
    sys.exit(0)
expect("orders that it sees", query(), "3")
if then == "finish":
    complete("the report is written")
ends, seen = time.monotonic() + 60, query()
while seen == "3" and time.monotonic() < ends:
    time.sleep(0.1)
    seen = query()
expect("the same certificate, later", seen, REASONS[0] if then == "finish" else REASONS[1])
