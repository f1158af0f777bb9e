// Interop cases with Debian's golang-google-grpc: client SOCKET DESCRIPTORS CASE. Ends with 0 when the case held.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

const service = "/grpc.testing.TestService/"

var (
	requestSizes  = []int{27182, 8, 1828, 45904}
	responseSizes = []int{31415, 9, 2653, 58979}
	files         *protoregistry.Files
	conn          *grpc.ClientConn
	both          = &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}
)

// Messages are built at run time, from what the test host says of its service.
type message struct{ *dynamicpb.Message }

func newMessage(name string) message {
	descriptor, err := files.FindDescriptorByName(protoreflect.FullName("grpc.testing." + name))
	must(err)
	return message{dynamicpb.NewMessage(descriptor.(protoreflect.MessageDescriptor))}
}

func (m message) field(name string) protoreflect.FieldDescriptor {
	return m.Descriptor().Fields().ByName(protoreflect.Name(name))
}

func (m message) number(name string, value int) message {
	m.Set(m.field(name), protoreflect.ValueOfInt32(int32(value)))
	return m
}

func (m message) payload(size int) message {
	payload := newMessage("Payload")
	payload.Set(payload.field("body"), protoreflect.ValueOfBytes(make([]byte, size)))
	m.Set(m.field("payload"), protoreflect.ValueOfMessage(payload.Message))
	return m
}

func (m message) ask(size int, pause time.Duration) message {
	parameters := newMessage("ResponseParameters").number("size", size).number("interval_us", int(pause.Microseconds()))
	m.Mutable(m.field("response_parameters")).List().Append(protoreflect.ValueOfMessage(parameters.Message))
	return m
}

func (m message) status(code codes.Code, text string) message {
	echo := newMessage("EchoStatus").number("code", int(code))
	echo.Set(echo.field("message"), protoreflect.ValueOfString(text))
	m.Set(m.field("response_status"), protoreflect.ValueOfMessage(echo.Message))
	return m
}

func (m message) bodyLength() int {
	payload := m.Get(m.field("payload")).Message()
	return len(payload.Get(payload.Descriptor().Fields().ByName("body")).Bytes())
}

// Debian's grpc stands on the older protobuf API, which does not know messages built at run time.
type codec struct{}

func (codec) Marshal(v interface{}) ([]byte, error) { return proto.Marshal(v.(proto.Message)) }
func (codec) Unmarshal(data []byte, v interface{}) error {
	return proto.Unmarshal(data, v.(proto.Message))
}
func (codec) Name() string { return "proto" }

func main() {
	raw, err := os.ReadFile(os.Args[2])
	must(err)
	set := &descriptorpb.FileDescriptorSet{}
	must(proto.Unmarshal(raw, set))
	files, err = protodesc.NewFiles(set)
	must(err)
	// This version has no resolver for unix: and would name the path as its :authority.
	dial := func(ctx context.Context, path string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	conn, err = grpc.Dial("passthrough:///"+os.Args[1], grpc.WithInsecure(), grpc.WithContextDialer(dial), grpc.WithAuthority("localhost"),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(codec{})))
	must(err)
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cases[os.Args[3]](ctx)
}

var cases = map[string]func(context.Context){
	"empty_unary": emptyUnary,
	"large_unary": func(ctx context.Context) { largeUnary(ctx) },
	"gzip_unary":  func(ctx context.Context) { largeUnary(ctx, grpc.UseCompressor(gzip.Name)) },
	"client_streaming": func(ctx context.Context) {
		stream := open(ctx, "StreamingInputCall")
		for _, size := range requestSizes {
			must(stream.SendMsg(newMessage("StreamingInputCallRequest").payload(size).Message))
		}
		must(stream.CloseSend())
		response := newMessage("StreamingInputCallResponse")
		must(stream.RecvMsg(response.Message))
		equal(int(response.Get(response.field("aggregated_payload_size")).Int()), 74922)
	},
	"server_streaming": func(ctx context.Context) {
		stream := open(ctx, "StreamingOutputCall")
		request := newMessage("StreamingOutputCallRequest")
		for _, size := range responseSizes {
			request.ask(size, 0)
		}
		must(stream.SendMsg(request.Message))
		must(stream.CloseSend())
		for _, size := range responseSizes {
			equal(receive(stream), size)
		}
		ends(stream)
	},
	"ping_pong": func(ctx context.Context) {
		stream := open(ctx, "FullDuplexCall")
		for i, size := range responseSizes {
			must(stream.SendMsg(newMessage("StreamingOutputCallRequest").ask(size, 0).payload(requestSizes[i]).Message))
			equal(receive(stream), size)
		}
		must(stream.CloseSend())
		ends(stream)
	},
	"empty_stream": func(ctx context.Context) {
		stream := open(ctx, "FullDuplexCall")
		must(stream.CloseSend())
		ends(stream)
	},
	"cancel_after_begin": func(ctx context.Context) {
		cancellable, cancel := context.WithCancel(ctx)
		stream := open(cancellable, "StreamingInputCall")
		cancel()
		equal(status.Code(stream.RecvMsg(newMessage("StreamingInputCallResponse").Message)), codes.Canceled)
		emptyUnary(ctx)
	},
	"cancel_after_first_response": func(ctx context.Context) {
		cancellable, cancel := context.WithCancel(ctx)
		stream := open(cancellable, "FullDuplexCall")
		must(stream.SendMsg(newMessage("StreamingOutputCallRequest").ask(31415, 0).payload(27182).Message))
		equal(receive(stream), 31415)
		cancel()
		equal(status.Code(stream.RecvMsg(newMessage("StreamingOutputCallResponse").Message)), codes.Canceled)
		emptyUnary(ctx)
	},
	"timeout_on_sleeping_server": func(ctx context.Context) {
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		stream, err := conn.NewStream(short, both, service+"FullDuplexCall")
		if err == nil {
			_ = stream.SendMsg(newMessage("StreamingOutputCallRequest").ask(31415, 10*time.Minute).payload(27182).Message)
			err = stream.RecvMsg(newMessage("StreamingOutputCallResponse").Message)
		}
		equal(status.Code(err), codes.DeadlineExceeded)
		emptyUnary(ctx)
	},
	"status_code_and_message": func(ctx context.Context) {
		says(ctx, "test status message")
		stream := open(ctx, "FullDuplexCall")
		must(stream.SendMsg(newMessage("StreamingOutputCallRequest").status(codes.Unknown, "test status message").Message))
		must(stream.CloseSend())
		err := stream.RecvMsg(newMessage("StreamingOutputCallResponse").Message)
		equal(status.Code(err), codes.Unknown)
		equal(status.Convert(err).Message(), "test status message")
	},
	"special_status_message": func(ctx context.Context) {
		says(ctx, "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n")
	},
	"unimplemented_method": func(ctx context.Context) {
		err := conn.Invoke(ctx, service+"UnimplementedCall", newMessage("Empty").Message, newMessage("Empty").Message)
		equal(status.Code(err), codes.Unimplemented)
	},
	"unimplemented_service": func(ctx context.Context) {
		err := conn.Invoke(ctx, "/grpc.testing.UnimplementedService/UnimplementedCall", newMessage("Empty").Message, newMessage("Empty").Message)
		equal(status.Code(err), codes.Unimplemented)
	},
	"custom_metadata": func(ctx context.Context) {
		sent := metadata.AppendToOutgoingContext(ctx, "x-grpc-test-echo-initial", "test_initial_metadata_value", "x-grpc-test-echo-trailing-bin", "\xab\xab\xab")
		var header, trailer metadata.MD
		largeUnary(sent, grpc.Header(&header), grpc.Trailer(&trailer))
		echoed(header, trailer)
		stream := open(sent, "FullDuplexCall")
		must(stream.SendMsg(newMessage("StreamingOutputCallRequest").ask(314159, 0).payload(271828).Message))
		must(stream.CloseSend())
		equal(receive(stream), 314159)
		ends(stream)
		header, err := stream.Header()
		must(err)
		echoed(header, stream.Trailer())
	},
}

func emptyUnary(ctx context.Context) {
	must(conn.Invoke(ctx, service+"EmptyCall", newMessage("Empty").Message, newMessage("Empty").Message))
}

func largeUnary(ctx context.Context, options ...grpc.CallOption) {
	response := newMessage("SimpleResponse")
	must(conn.Invoke(ctx, service+"UnaryCall", newMessage("SimpleRequest").number("response_size", 314159).payload(271828).Message, response.Message, options...))
	equal(response.bodyLength(), 314159)
}

func says(ctx context.Context, text string) {
	err := conn.Invoke(ctx, service+"UnaryCall", newMessage("SimpleRequest").status(codes.Unknown, text).Message, newMessage("SimpleResponse").Message)
	equal(status.Code(err), codes.Unknown)
	equal(status.Convert(err).Message(), text)
}

func echoed(header, trailer metadata.MD) {
	equal(fmt.Sprint(header.Get("x-grpc-test-echo-initial")), "[test_initial_metadata_value]")
	equal(fmt.Sprintf("%x", trailer.Get("x-grpc-test-echo-trailing-bin")), "[ababab]")
}

func open(ctx context.Context, name string) grpc.ClientStream {
	stream, err := conn.NewStream(ctx, both, service+name)
	must(err)
	return stream
}

func receive(stream grpc.ClientStream) int {
	response := newMessage("StreamingOutputCallResponse")
	must(stream.RecvMsg(response.Message))
	return response.bodyLength()
}

func ends(stream grpc.ClientStream) {
	equal(stream.RecvMsg(newMessage("StreamingOutputCallResponse").Message), io.EOF)
}

func must(err error) {
	if err != nil {
		fail(err)
	}
}

func equal(got, want interface{}) {
	if got != want {
		fail(fmt.Sprintf("got %v, want %v", got, want))
	}
}

func fail(what interface{}) {
	fmt.Fprintln(os.Stderr, what)
	os.Exit(1)
}
