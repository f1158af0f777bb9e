"""Interop cases with Debian's python3-grpcio: client.py SOCKET DESCRIPTORS CASE. Ends with 0 when the case held."""
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SOCKET, DESCRIPTORS, CASE = sys.argv[1:4]
SERVICE = "grpc.testing.TestService"
REQUEST_SIZES = [27182, 8, 1828, 45904]
RESPONSE_SIZES = [31415, 9, 2653, 58979]
PATIENCE = 60

with open(DESCRIPTORS, "rb") as file:
    files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
types = message_factory.GetMessages(files.file)
factory = lambda name: types["grpc.testing." + name]
Empty, SimpleRequest, SimpleResponse = factory("Empty"), factory("SimpleRequest"), factory("SimpleResponse")
InputRequest, InputResponse = factory("StreamingInputCallRequest"), factory("StreamingInputCallResponse")
OutputRequest, OutputResponse = factory("StreamingOutputCallRequest"), factory("StreamingOutputCallResponse")

channel = grpc.insecure_channel("unix:" + SOCKET)


def method(kind, name, request, response, service=SERVICE):
    return getattr(channel, kind)(f"/{service}/{name}", request_serializer=request.SerializeToString, response_deserializer=response.FromString)


unary = method("unary_unary", "UnaryCall", SimpleRequest, SimpleResponse)
output = method("unary_stream", "StreamingOutputCall", OutputRequest, OutputResponse)
inputs = method("stream_unary", "StreamingInputCall", InputRequest, InputResponse)
duplex = method("stream_stream", "FullDuplexCall", OutputRequest, OutputResponse)


class Requests:
    """A stream of requests that the case feeds as it goes."""

    def __init__(self):
        import queue
        self.queue = queue.Queue()

    def send(self, request):
        self.queue.put(request)

    def close(self):
        self.queue.put(None)

    def __iter__(self):
        return iter(self.queue.get, None)


def expect(condition, what):
    if not condition:
        sys.exit(f"{CASE}: {what}")


def fails(call, code, details=None):
    try:
        call()
    except grpc.RpcError as error:
        expect(error.code() == code, f"expected {code}, got {error.code()}: {error.details()}")
        expect(details is None or error.details() == details, f"details are {error.details()!r}")
    else:
        expect(False, f"expected {code}, got OK")


def ask(size, payload):
    request = OutputRequest()
    request.response_parameters.add(size=size)
    request.payload.body = bytes(payload)
    return request


def empty_unary():
    expect(method("unary_unary", "EmptyCall", Empty, Empty)(Empty(), timeout=PATIENCE) == Empty(), "not empty")


def large_unary(**options):
    request = SimpleRequest(response_size=314159)
    request.payload.body = bytes(271828)
    response = unary(request, timeout=PATIENCE, **options)
    expect(response.payload.body == bytes(314159), "not 314159 zeros")


def gzip_unary():
    large_unary(compression=grpc.Compression.Gzip)


def client_streaming():
    requests = []
    for size in REQUEST_SIZES:
        requests.append(InputRequest())
        requests[-1].payload.body = bytes(size)
    expect(inputs(iter(requests), timeout=PATIENCE).aggregated_payload_size == 74922, "not 74922")


def server_streaming():
    request = OutputRequest()
    for size in RESPONSE_SIZES:
        request.response_parameters.add(size=size)
    expect([len(r.payload.body) for r in output(request, timeout=PATIENCE)] == RESPONSE_SIZES, "other sizes")


def ping_pong():
    requests = Requests()
    call = duplex(iter(requests), timeout=PATIENCE)
    for size, payload in zip(RESPONSE_SIZES, REQUEST_SIZES):
        requests.send(ask(size, payload))
        expect(len(next(call).payload.body) == size, f"not {size}")
    requests.close()
    expect(list(call) == [], "more than was asked for")
    expect(call.code() == grpc.StatusCode.OK, f"ended with {call.code()}")


def empty_stream():
    call = duplex(iter([]), timeout=PATIENCE)
    expect(list(call) == [], "something came")
    expect(call.code() == grpc.StatusCode.OK, f"ended with {call.code()}")


def cancel_after_begin():
    requests = Requests()
    call = inputs.future(iter(requests))
    call.cancel()
    expect(call.cancelled(), "not cancelled")
    expect(call.code() == grpc.StatusCode.CANCELLED, f"ended with {call.code()}")
    requests.close()
    empty_unary()


def cancel_after_first_response():
    requests = Requests()
    call = duplex(iter(requests), timeout=PATIENCE)
    requests.send(ask(31415, 27182))
    expect(len(next(call).payload.body) == 31415, "no first response")
    call.cancel()
    fails(lambda: next(call), grpc.StatusCode.CANCELLED)
    requests.close()
    empty_unary()


def timeout_on_sleeping_server():
    requests = Requests()
    request = ask(31415, 27182)
    request.response_parameters[0].interval_us = 600_000_000
    requests.send(request)
    fails(lambda: next(duplex(iter(requests), timeout=0.05)), grpc.StatusCode.DEADLINE_EXCEEDED)
    requests.close()
    empty_unary()


def status(code, message, with_duplex):
    request = SimpleRequest()
    request.response_status.code, request.response_status.message = code.value[0], message
    fails(lambda: unary(request, timeout=PATIENCE), code, message)
    if with_duplex:
        request = OutputRequest()
        request.response_status.code, request.response_status.message = code.value[0], message
        fails(lambda: list(duplex(iter([request]), timeout=PATIENCE)), code, message)


def status_code_and_message():
    status(grpc.StatusCode.UNKNOWN, "test status message", True)


def special_status_message():
    status(grpc.StatusCode.UNKNOWN, "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n", False)


def unimplemented_method():
    fails(lambda: method("unary_unary", "UnimplementedCall", Empty, Empty)(Empty(), timeout=PATIENCE), grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_service():
    call = method("unary_unary", "UnimplementedCall", Empty, Empty, "grpc.testing.UnimplementedService")
    fails(lambda: call(Empty(), timeout=PATIENCE), grpc.StatusCode.UNIMPLEMENTED)


def custom_metadata():
    sent = (("x-grpc-test-echo-initial", "test_initial_metadata_value"), ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"))

    def echoed(call):
        expect(sent[0] in [tuple(entry) for entry in call.initial_metadata()], f"initial: {call.initial_metadata()}")
        expect(sent[1] in [tuple(entry) for entry in call.trailing_metadata()], f"trailing: {call.trailing_metadata()}")

    request = SimpleRequest(response_size=314159)
    request.payload.body = bytes(271828)
    response, call = unary.with_call(request, metadata=sent, timeout=PATIENCE)
    expect(len(response.payload.body) == 314159, "not 314159")
    echoed(call)
    call = duplex(iter([ask(314159, 271828)]), metadata=sent, timeout=PATIENCE)
    expect([len(r.payload.body) for r in call] == [314159], "not 314159")
    echoed(call)


globals()[CASE]()
