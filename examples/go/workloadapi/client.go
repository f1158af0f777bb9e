// Package workloadapi is a SPIFFE Workload API client on grpc-go and the code that protoc-gen-go generates from protos/spiffe/workload.proto.
package workloadapi

import (
	"context"
	"crypto"
	"crypto/x509"
	"fmt"
	"log"
	"net"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"workload"
)

// X509Identity is one identity of this process.
type X509Identity struct {
	ID     string
	Chain  []*x509.Certificate // The leaf first.
	Key    crypto.Signer
	Bundle []*x509.Certificate // Whom to trust in the identity's own trust domain.
	Hint   string
}

// Dial connects to an endpoint such as unix:///run/spiffe/workload.sock.
func Dial(endpoint string) (*grpc.ClientConn, error) {
	if !strings.HasPrefix(endpoint, "unix:///") {
		return nil, fmt.Errorf("%q is not unix:///path", endpoint)
	}
	unix := func(ctx context.Context, path string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	return grpc.Dial("passthrough:///"+strings.TrimPrefix(endpoint, "unix://"), grpc.WithInsecure(), grpc.WithContextDialer(unix),
		grpc.WithAuthority("localhost"), grpc.WithDefaultCallOptions(grpc.WaitForReady(true)))
}

// WithHeader adds what every call carries: a browser or a confused proxy cannot send it by accident.
func WithHeader(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "workload.spiffe.io", "true")
}

// WatchX509 hands on all X.509 identities of this process now, and again whenever they change. It comes back to a daemon that restarts,
// and returns when ctx ends, when asking again does not help, or when the handler says so.
func WatchX509(ctx context.Context, conn *grpc.ClientConn, handle func([]X509Identity) error) error {
	client := workload.NewSpiffeWorkloadAPIClient(conn)
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		stream, err := client.FetchX509SVID(WithHeader(ctx), &workload.X509SVIDRequest{})
		for err == nil {
			var response *workload.X509SVIDResponse
			if response, err = stream.Recv(); err != nil {
				break
			}
			wait = 100 * time.Millisecond
			identities, broken := ParseX509(response)
			if broken == nil {
				broken = handle(identities)
			}
			if broken != nil {
				return broken
			}
		}
		switch code := status.Code(err); {
		case ctx.Err() != nil:
			return ctx.Err()
		case code == codes.InvalidArgument || code == codes.Unimplemented:
			return err
		}
		log.Printf("%v; asking again", err)
		if wait > 30*time.Second {
			wait = 30 * time.Second
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// ParseX509 makes identities of a response.
func ParseX509(response *workload.X509SVIDResponse) ([]X509Identity, error) {
	var identities []X509Identity
	for _, svid := range response.Svids {
		chain, err := x509.ParseCertificates(svid.X509Svid)
		if err != nil {
			return nil, err
		}
		bundle, err := x509.ParseCertificates(svid.Bundle)
		if err != nil {
			return nil, err
		}
		key, err := x509.ParsePKCS8PrivateKey(svid.X509SvidKey)
		if err != nil {
			return nil, err
		}
		identities = append(identities, X509Identity{svid.SpiffeId, chain, key.(crypto.Signer), bundle, svid.Hint})
	}
	return identities, nil
}
