"""A SPIFFE Workload API client on grpcio, cryptography and the messages that protoc generates from protos/spiffe/workload.proto."""
import dataclasses
import os
import sys
import time

import grpc
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_private_key

import workload_pb2 as messages

# Every call carries it: a browser or a confused proxy cannot send it by accident.
HEADER = (("workload.spiffe.io", "true"),)
STREAMS = {"FetchX509SVID": "X509SVID", "FetchX509Bundles": "X509Bundles", "FetchJWTBundles": "JWTBundles", "FetchWITSVID": "WITSVID", "FetchWITBundles": "WITBundles"}
CALLS = {"FetchJWTSVID": "JWTSVID", "ValidateJWTSVID": "ValidateJWTSVID"}


@dataclasses.dataclass
class X509Identity:
    spiffe_id: str
    chain: list  # Certificates, the leaf first.
    key: object  # The leaf's private key.
    bundle: list  # Whom to trust in the identity's own trust domain.
    hint: str


class WorkloadApi:
    """Its methods are those of the API: api.FetchJWTSVID(messages.JWTSVIDRequest(audience=["db"]), metadata=HEADER)."""

    def __init__(self, endpoint=None):
        self.channel = grpc.insecure_channel(endpoint or os.environ["SPIFFE_ENDPOINT_SOCKET"])
        for kind, methods in ((self.channel.unary_stream, STREAMS), (self.channel.unary_unary, CALLS)):
            for name, message in methods.items():
                request, response = getattr(messages, message + "Request"), getattr(messages, message + "Response")
                setattr(self, name, kind("/SpiffeWorkloadAPI/" + name, request.SerializeToString, response.FromString))

    def watch_x509(self):
        """All X.509 identities of this process now, and again whenever they change. Comes back to a daemon that restarts."""
        pause = 0.1
        while True:
            try:
                for response in self.FetchX509SVID(messages.X509SVIDRequest(), metadata=HEADER, wait_for_ready=True):
                    pause = 0.1
                    yield [x509_identity(svid) for svid in response.svids]
            except grpc.RpcError as error:
                if error.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.UNIMPLEMENTED):
                    raise  # Asking again does not help.
                print(f"{error.code().name}: {error.details()}; asking again", file=sys.stderr)
            time.sleep(pause)
            pause = min(2 * pause, 30)


def x509_identity(svid):
    return X509Identity(svid.spiffe_id, certificates(svid.x509_svid), load_der_private_key(svid.x509_svid_key, None), certificates(svid.bundle), svid.hint)


def certificates(der):
    """Certificates that stand one behind the other."""
    found = []
    while der:
        length, header = der[1], 2
        if length & 0x80:
            header = 2 + (length & 0x7F)
            length = int.from_bytes(der[2:header], "big")
        found.append(x509.load_der_x509_certificate(der[:header + length]))
        der = der[header + length:]
    return found
