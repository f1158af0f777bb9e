"""Cases of the Workload API on examples/python: client.py EXAMPLES CASE. Ends with 0 when the case held."""
import base64
import json
import os
import socket
import ssl
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])

import grpc
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

import workload_pb2 as messages
from workload_api import HEADER, WorkloadApi, certificates

CASE = sys.argv[2]
PATIENCE = 60
DOMAIN, WEB, DB = "spiffe://example.org", "spiffe://example.org/web", "spiffe://example.org/db"
ECDSA = ec.ECDSA(hashes.SHA256())
api = WorkloadApi()


def expect(condition, what):
    if not condition:
        sys.exit(f"{CASE}: {what}")


def fails(code, call):
    try:
        call()
    except grpc.RpcError as error:
        expect(error.code() == code, f"expected {code}, got {error.code()}: {error.details()}")
    else:
        expect(False, f"expected {code}, got OK")


def every_call(metadata):
    """Each method of the API, ready to be called to its first answer."""
    requests = {
        "FetchX509SVID": messages.X509SVIDRequest(), "FetchX509Bundles": messages.X509BundlesRequest(),
        "FetchJWTSVID": messages.JWTSVIDRequest(audience=["db"]), "FetchJWTBundles": messages.JWTBundlesRequest(),
        "ValidateJWTSVID": messages.ValidateJWTSVIDRequest(audience="db", svid="a.b.c"),
        "FetchWITSVID": messages.WITSVIDRequest(), "FetchWITBundles": messages.WITBundlesRequest(),
    }
    for name, request in requests.items():
        def call(method=getattr(api, name), name=name, request=request):
            answer = method(request, metadata=metadata, timeout=PATIENCE)
            return answer if name in ("FetchJWTSVID", "ValidateJWTSVID") else next(answer)
        yield call


def first(call):
    answer = next(call)
    call.cancel()
    return answer


def identities():
    return next(api.watch_x509())


def raw(key):
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def uris(certificate):
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.UniformResourceIdentifier)


def signed_by(certificate, issuers):
    for issuer in issuers:
        try:
            if issuer.subject == certificate.issuer:
                issuer.public_key().verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(certificate.signature_hash_algorithm))
                return True
        except InvalidSignature:
            pass
    return False


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(token, jwks):
    """Header and claims of a token whose ES256 signature one of the keys made."""
    signing_input, _, signature = token.rpartition(".")
    header, claims = (json.loads(decoded(part)) for part in signing_input.split("."))
    expect(header["alg"] == "ES256", f"alg is {header['alg']}")
    jwk = next(key for key in json.loads(jwks)["keys"] if key["kid"] == header["kid"])
    verify(public(jwk), signing_input.encode(), decoded(signature))
    return header, claims


def public(jwk):
    expect((jwk["kty"], jwk["crv"]) == ("EC", "P-256"), f"key is {jwk['kty']} {jwk['crv']}")
    return ec.EllipticCurvePublicNumbers(*(int.from_bytes(decoded(jwk[c]), "big") for c in "xy"), ec.SECP256R1()).public_key()


def verify(key, data, signature):
    key.verify(utils.encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")), data, ECDSA)


def x509_svid():
    found = identities()
    expect([(i.spiffe_id, i.hint) for i in found] == [(WEB, "web"), (DB, "db")], f"identities are {[i.spiffe_id for i in found]}")
    for identity in found:
        leaf = identity.chain[0]
        expect(uris(leaf) == [identity.spiffe_id], f"URI names are {uris(leaf)}")
        expect(raw(identity.key.public_key()) == raw(leaf.public_key()), "the key is another's")
        for i, certificate in enumerate(identity.chain):
            expect(signed_by(certificate, identity.chain[i + 1:i + 2] or identity.bundle), f"certificate {i} is not signed by the next")
        expect(all(uris(authority) == [DOMAIN] for authority in identity.bundle), "an authority has another name")
    expect(raw(found[0].key.public_key()) != raw(found[1].key.public_key()), "two identities share a key")
    names = found[0].chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    expect(names == ["web.example.org"], f"DNS names are {names}")


def tls(identity, purpose):
    """A context with an identity whose key is in memory only: this module reads keys from files, so it is given one that never was on a disk."""
    context = ssl.SSLContext(purpose)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    pem = serialization.Encoding.PEM
    memory = os.memfd_create("svid")
    os.write(memory, identity.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    os.write(memory, b"".join(c.public_bytes(pem) for c in identity.chain))
    context.load_cert_chain(f"/proc/self/fd/{memory}")
    os.close(memory)
    context.load_verify_locations(cadata="".join(c.public_bytes(pem).decode() for c in identity.bundle))
    return context


def mtls():
    web, db = identities()
    ours, theirs = socket.socketpair()
    seen = []

    def serve():
        with tls(web, ssl.PROTOCOL_TLS_SERVER).wrap_socket(theirs, server_side=True) as connection:
            seen.append(connection.getpeercert()["subjectAltName"])
            connection.sendall(connection.recv(100).upper())

    server = threading.Thread(target=serve)
    server.start()
    ours.settimeout(PATIENCE)
    with tls(db, ssl.PROTOCOL_TLS_CLIENT).wrap_socket(ours) as connection:
        expect(("URI", WEB) in connection.getpeercert()["subjectAltName"], "the server is another")
        connection.sendall(b"hello")
        expect(connection.recv(100) == b"HELLO", "no echo")
    server.join()
    expect(seen == [(("URI", DB),)], f"the client is {seen}")


def watch():
    stream = api.FetchX509SVID(messages.X509SVIDRequest(), metadata=HEADER, timeout=PATIENCE)
    keys, spans = set(), []
    while len(keys) < 3:
        svid = next(svid for svid in next(stream).svids if svid.spiffe_id == WEB)
        leaf = certificates(svid.x509_svid)[0]
        if raw(leaf.public_key()) not in keys:
            spans.append((leaf.not_valid_before, leaf.not_valid_after))
        keys.add(raw(leaf.public_key()))
    stream.cancel()
    for earlier, later in zip(spans, spans[1:]):
        expect(later[0] < earlier[1], f"a gap between {earlier} and {later}")
        expect(later[1] > earlier[1], f"{later} does not outlive {earlier}")


def watch_wit():
    stream = api.FetchWITSVID(messages.WITSVIDRequest(spiffe_id=WEB), metadata=HEADER, timeout=PATIENCE)
    one, two = next(stream).svids[0], next(stream).svids[0]
    stream.cancel()
    expect(json.loads(one.wit_svid_key)["x"] != json.loads(two.wit_svid_key)["x"], "the key is the same")


def bundles():
    x509s = first(api.FetchX509Bundles(messages.X509BundlesRequest(), metadata=HEADER, timeout=PATIENCE)).bundles
    expect(list(x509s) == [DOMAIN], f"trust domains are {list(x509s)}")
    expect([raw(c.public_key()) for c in certificates(x509s[DOMAIN])] == [raw(c.public_key()) for c in identities()[0].bundle], "not the bundle beside the SVID")
    jwt = first(api.FetchJWTBundles(messages.JWTBundlesRequest(), metadata=HEADER, timeout=PATIENCE)).bundles
    wit = first(api.FetchWITBundles(messages.WITBundlesRequest(), metadata=HEADER, timeout=PATIENCE)).bundles
    expect(list(jwt) == list(wit) == [DOMAIN], f"trust domains are {list(jwt)} and {list(wit)}")
    names = [{key["kid"] for key in json.loads(jwks)["keys"]} for jwks in (jwt[DOMAIN], wit[DOMAIN])]
    expect(names[0] and names[1] and not names[0] & names[1], f"JWT and WIT keys are {names}")
    expect(not any("d" in key for jwks in (jwt[DOMAIN], wit[DOMAIN]) for key in json.loads(jwks)["keys"]), "a private key")


def jwt_svid():
    answer = api.FetchJWTSVID(messages.JWTSVIDRequest(audience=["db", "cache"], spiffe_id=WEB), metadata=HEADER, timeout=PATIENCE)
    expect([svid.spiffe_id for svid in answer.svids] == [WEB], "not the one identity")
    jwks = first(api.FetchJWTBundles(messages.JWTBundlesRequest(), metadata=HEADER, timeout=PATIENCE)).bundles[DOMAIN]
    _, claims = opened(answer.svids[0].svid, jwks)
    expect(claims["sub"] == WEB and set(claims["aud"]) == {"db", "cache"} and claims["exp"] > time.time(), f"claims are {claims}")
    valid = api.ValidateJWTSVID(messages.ValidateJWTSVIDRequest(audience="cache", svid=answer.svids[0].svid), metadata=HEADER, timeout=PATIENCE)
    expect(valid.spiffe_id == WEB and valid.claims["sub"] == WEB and valid.claims["exp"] == claims["exp"], "validated as another")
    expect(len(api.FetchJWTSVID(messages.JWTSVIDRequest(audience=["db"]), metadata=HEADER, timeout=PATIENCE).svids) == 2, "not all identities")


def jwt_refusals():
    def validate(audience, token):
        return lambda: api.ValidateJWTSVID(messages.ValidateJWTSVIDRequest(audience=audience, svid=token), metadata=HEADER, timeout=PATIENCE)

    def fetch(audience, spiffe_id=""):
        return lambda: api.FetchJWTSVID(messages.JWTSVIDRequest(audience=audience, spiffe_id=spiffe_id), metadata=HEADER, timeout=PATIENCE)

    token = fetch(["db"])().svids[0].svid
    validate("db", token)()
    head, body, _ = token.split(".")
    invalid = grpc.StatusCode.INVALID_ARGUMENT
    for audience, candidate in (("web", token), ("", token), ("db", ""), ("db", "x"), ("db", f"{head}.{body}."), ("db", f"{head}.{body}.{'A' * 86}")):
        fails(invalid, validate(audience, candidate))
    fails(invalid, fetch([]))
    fails(invalid, fetch(["db"], "not an id"))
    fails(grpc.StatusCode.PERMISSION_DENIED, fetch(["db"], DOMAIN + "/other"))


def wit_svid():
    answer = first(api.FetchWITSVID(messages.WITSVIDRequest(), metadata=HEADER, timeout=PATIENCE))
    expect([svid.spiffe_id for svid in answer.svids] == [WEB, DB], "not both identities")
    jwks = first(api.FetchWITBundles(messages.WITBundlesRequest(), metadata=HEADER, timeout=PATIENCE)).bundles[DOMAIN]
    for svid in answer.svids:
        header, claims = opened(svid.wit_svid, jwks)
        expect(header["typ"] == "wit+jwt" and claims["sub"] == svid.spiffe_id, f"{header} {claims}")
        private, confirmed = json.loads(svid.wit_svid_key), claims["cnf"]["jwk"]
        expect("d" not in confirmed, "the token holds the private key")
        numbers = public(private).public_numbers()
        key = ec.EllipticCurvePrivateNumbers(int.from_bytes(decoded(private["d"]), "big"), numbers).private_key()
        public(confirmed).verify(key.sign(b"proof", ECDSA), b"proof", ECDSA)


def missing_header():
    for metadata in ((), (("workload.spiffe.io", "false"),), (("workload.spiffe.io", "True"),), HEADER + HEADER):
        for call in every_call(metadata):
            fails(grpc.StatusCode.INVALID_ARGUMENT, call)


def no_identity():
    for call in every_call(HEADER):
        fails(grpc.StatusCode.PERMISSION_DENIED, call)


def restart():
    watched = api.watch_x509()
    before = next(watched)
    print("restart", flush=True)
    after = next(watched)
    expect([i.spiffe_id for i in after] == [i.spiffe_id for i in before], "other identities")
    expect(raw(after[0].bundle[0].public_key()) != raw(before[0].bundle[0].public_key()), "the authority is still the one that ended")


globals()[CASE]()
