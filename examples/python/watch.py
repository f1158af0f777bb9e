"""Prints the X.509 identities of this process, and again at every rotation: watch.py [HOW_OFTEN]"""
import itertools
import sys

from workload_api import WorkloadApi

count = int(sys.argv[1]) if len(sys.argv) > 1 else None
for identities in itertools.islice(WorkloadApi().watch_x509(), count):
    for identity in identities:
        leaf = identity.chain[0]
        print(f"{identity.spiffe_id} until {leaf.not_valid_after:%Y-%m-%dT%H:%M:%SZ}, serial {leaf.serial_number:x}", flush=True)
