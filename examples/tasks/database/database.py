"""PostgreSQL with the X.509-SVID of its process. The key is in memory that has a file's shape (memfd_create(2)) and never on a disk; it rotates, and so do the bundle and the list of
revoked certificates, with which the server is told to read its files again.

database.py POSTGRES DATA PORT USER_ID
"""
import json
import os
import signal
import subprocess
import sys

from memory_file import MemoryFile

postgres, data, port, user = sys.argv[1:]
user = int(user)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
chain, key, bundle, revoked = (MemoryFile(name, owner=user) for name in ("chain", "key", "bundle", "crl"))
watch = subprocess.Popen([os.environ["SPIFFE_AGENT"], "fetch", "x509", "--watch", "--output", "json"], stdout=subprocess.PIPE)
server = None
try:
    for line in watch.stdout:
        update = json.loads(line)
        svid = update["svids"][0]
        chain.write("".join(certificate["pem"] for certificate in svid["certificates"]))
        key.write(svid["private_key"])
        bundle.write("".join(a["pem"] for trusted in update["bundles"] for a in trusted["authorities"]))
        revoked.write("".join(update["crls"]))
        with open(os.path.join(data, "revoked.conf"), "w") as settings:  # There is no list while nothing is revoked, and PostgreSQL takes no empty one.
            settings.write(f"ssl_crl_file = '{revoked.path if update['crls'] else ''}'\n")
        if server:
            server.send_signal(signal.SIGHUP)
            continue
        files = {"ssl_cert_file": chain, "ssl_key_file": key, "ssl_ca_file": bundle}
        settings = {"ssl": "on", "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": port, **{name: file.path for name, file in files.items()}}
        server = subprocess.Popen([postgres, "-D", data, *(word for pair in settings.items() for word in ("-c", "=".join(pair)))],
                                  pass_fds=[file.number for file in (*files.values(), revoked)], user=user if os.geteuid() == 0 else None)
finally:
    watch.terminate()
    if server:
        server.send_signal(signal.SIGINT)
        server.wait()
