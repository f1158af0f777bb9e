// Cases of the Workload API on examples/go: workloadclient CASE. Ends with 0 when the case held.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"workload"
	"workloadapi"
)

const (
	domain = "spiffe://example.org"
	web    = domain + "/web"
	db     = domain + "/db"
)

var (
	conn *grpc.ClientConn
	api  workload.SpiffeWorkloadAPIClient
)

var cases = map[string]func(context.Context){
	"x509_svid": x509Svid, "mtls": mutualTLS, "watch": watch, "watch_wit": watchWit, "bundles": bundles, "jwt_svid": jwtSvid,
	"jwt_refusals": jwtRefusals, "wit_svid": witSvid, "missing_header": missingHeader, "no_identity": noIdentity, "restart": restart,
}

func main() {
	var err error
	conn, err = workloadapi.Dial(os.Getenv("SPIFFE_ENDPOINT_SOCKET"))
	must(err)
	defer conn.Close()
	api = workload.NewSpiffeWorkloadAPIClient(conn)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cases[os.Args[1]](ctx)
}

// everyCall makes each call of the API to its first answer.
func everyCall(ctx context.Context, answered func(name string, err error)) {
	x509, err := api.FetchX509SVID(ctx, &workload.X509SVIDRequest{})
	answered("FetchX509SVID", then(err, func() error { _, err := x509.Recv(); return err }))
	x509Bundles, err := api.FetchX509Bundles(ctx, &workload.X509BundlesRequest{})
	answered("FetchX509Bundles", then(err, func() error { _, err := x509Bundles.Recv(); return err }))
	_, err = api.FetchJWTSVID(ctx, &workload.JWTSVIDRequest{Audience: []string{"db"}})
	answered("FetchJWTSVID", err)
	jwtBundles, err := api.FetchJWTBundles(ctx, &workload.JWTBundlesRequest{})
	answered("FetchJWTBundles", then(err, func() error { _, err := jwtBundles.Recv(); return err }))
	_, err = api.ValidateJWTSVID(ctx, &workload.ValidateJWTSVIDRequest{Audience: "db", Svid: "a.b.c"})
	answered("ValidateJWTSVID", err)
	wit, err := api.FetchWITSVID(ctx, &workload.WITSVIDRequest{})
	answered("FetchWITSVID", then(err, func() error { _, err := wit.Recv(); return err }))
	witBundles, err := api.FetchWITBundles(ctx, &workload.WITBundlesRequest{})
	answered("FetchWITBundles", then(err, func() error { _, err := witBundles.Recv(); return err }))
}

func then(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

func fails(what string, code codes.Code, err error) {
	if status.Code(err) != code {
		fail(fmt.Errorf("%s: expected %v, got %v", what, code, err))
	}
}

func must(err error) {
	if err != nil {
		fail(err)
	}
}

func expect(condition bool, what ...interface{}) {
	if !condition {
		fail(fmt.Errorf("%s", fmt.Sprint(what...)))
	}
}

func fail(err error) {
	fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[1], err)
	os.Exit(1)
}
