package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"time"

	"google.golang.org/grpc/codes"

	"workload"
	"workloadapi"
)

type jwk struct{ Kid, Kty, Crv, X, Y, D string }

type token struct {
	Alg, Kid, Typ string
	Sub           string
	Aud           []string
	Exp           int64
	Cnf           struct{ Jwk jwk }
}

func (k jwk) public() *ecdsa.PublicKey {
	expect(k.Kty == "EC" && k.Crv == "P-256", "key is ", k.Kty, k.Crv)
	return &ecdsa.PublicKey{Curve: elliptic.P256(), X: number(k.X), Y: number(k.Y)}
}

// opened reads a token whose ES256 signature one of the keys made.
func opened(text string, jwks []byte) token {
	parts := strings.Split(text, ".")
	expect(len(parts) == 3, "not a token")
	var found token
	must(json.Unmarshal(decoded(parts[0]), &found))
	must(json.Unmarshal(decoded(parts[1]), &found))
	expect(found.Alg == "ES256", "alg is ", found.Alg)
	signature, sum := decoded(parts[2]), sha256.Sum256([]byte(parts[0]+"."+parts[1]))
	expect(len(signature) == 64, "signature has another length")
	for _, key := range keys(jwks) {
		if key.Kid == found.Kid {
			r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
			expect(ecdsa.Verify(key.public(), sum[:], r, s), "signature")
			return found
		}
	}
	expect(false, "no key ", found.Kid)
	return found
}

func keys(jwks []byte) []jwk {
	var set struct{ Keys []jwk }
	must(json.Unmarshal(jwks, &set))
	expect(len(set.Keys) > 0, "no keys")
	for _, key := range set.Keys {
		expect(key.Kid != "" && key.D == "", "a private key, or one without a name")
	}
	return set.Keys
}

func decoded(text string) []byte {
	data, err := base64.RawURLEncoding.DecodeString(text)
	must(err)
	return data
}

func number(text string) *big.Int { return new(big.Int).SetBytes(decoded(text)) }

func jwtKeys(ctx context.Context) []byte {
	stream, err := api.FetchJWTBundles(workloadapi.WithHeader(ctx), &workload.JWTBundlesRequest{})
	must(err)
	response, err := stream.Recv()
	must(err)
	expect(len(response.Bundles) == 1, "trust domains: ", len(response.Bundles))
	return response.Bundles[domain]
}

func witKeys(ctx context.Context) []byte {
	stream, err := api.FetchWITBundles(workloadapi.WithHeader(ctx), &workload.WITBundlesRequest{})
	must(err)
	response, err := stream.Recv()
	must(err)
	expect(len(response.Bundles) == 1, "trust domains: ", len(response.Bundles))
	return []byte(response.Bundles[domain])
}

func bundles(ctx context.Context) {
	stream, err := api.FetchX509Bundles(workloadapi.WithHeader(ctx), &workload.X509BundlesRequest{})
	must(err)
	response, err := stream.Recv()
	must(err)
	expect(len(response.Bundles) == 1, "trust domains: ", len(response.Bundles))
	authorities, err := x509.ParseCertificates(response.Bundles[domain])
	must(err)
	beside := identities(ctx)[0].Bundle
	expect(len(authorities) == len(beside) && len(beside) > 0, "not the bundle beside the SVID")
	for i := range authorities {
		expect(bytes.Equal(authorities[i].Raw, beside[i].Raw), "not the bundle beside the SVID")
	}
	for _, jwtKey := range keys(jwtKeys(ctx)) {
		for _, witKey := range keys(witKeys(ctx)) {
			expect(jwtKey.Kid != witKey.Kid && jwtKey.X != witKey.X, "a key for both")
		}
	}
}

func jwtSvid(ctx context.Context) {
	ctx = workloadapi.WithHeader(ctx)
	answer, err := api.FetchJWTSVID(ctx, &workload.JWTSVIDRequest{Audience: []string{"db", "cache"}, SpiffeId: web})
	must(err)
	expect(len(answer.Svids) == 1 && answer.Svids[0].SpiffeId == web, answer.Svids)
	found := opened(answer.Svids[0].Svid, jwtKeys(context.Background()))
	expect(found.Sub == web && len(found.Aud) == 2 && found.Exp > time.Now().Unix(), found)
	valid, err := api.ValidateJWTSVID(ctx, &workload.ValidateJWTSVIDRequest{Audience: "cache", Svid: answer.Svids[0].Svid})
	must(err)
	expect(valid.SpiffeId == web && valid.Claims.Fields["sub"].GetStringValue() == web, "validated as ", valid.SpiffeId)
	expect(valid.Claims.Fields["exp"].GetNumberValue() == float64(found.Exp), "exp is another")
	all, err := api.FetchJWTSVID(ctx, &workload.JWTSVIDRequest{Audience: []string{"db"}})
	must(err)
	expect(len(all.Svids) == 2, "not all identities")
}

func jwtRefusals(ctx context.Context) {
	ctx = workloadapi.WithHeader(ctx)
	answer, err := api.FetchJWTSVID(ctx, &workload.JWTSVIDRequest{Audience: []string{"db"}})
	must(err)
	good := answer.Svids[0].Svid
	_, err = api.ValidateJWTSVID(ctx, &workload.ValidateJWTSVIDRequest{Audience: "db", Svid: good})
	must(err)
	unsigned := good[:strings.LastIndex(good, ".")+1]
	for _, bad := range [][2]string{{"web", good}, {"", good}, {"db", ""}, {"db", "x"}, {"db", unsigned}, {"db", unsigned + strings.Repeat("A", 86)}} {
		_, err = api.ValidateJWTSVID(ctx, &workload.ValidateJWTSVIDRequest{Audience: bad[0], Svid: bad[1]})
		fails(bad[0]+" "+bad[1], codes.InvalidArgument, err)
	}
	_, err = api.FetchJWTSVID(ctx, &workload.JWTSVIDRequest{})
	fails("no audience", codes.InvalidArgument, err)
	_, err = api.FetchJWTSVID(ctx, &workload.JWTSVIDRequest{Audience: []string{"db"}, SpiffeId: "not an id"})
	fails("not an id", codes.InvalidArgument, err)
	_, err = api.FetchJWTSVID(ctx, &workload.JWTSVIDRequest{Audience: []string{"db"}, SpiffeId: domain + "/other"})
	fails("another's id", codes.PermissionDenied, err)
}

func witSvid(ctx context.Context) {
	stream, err := api.FetchWITSVID(workloadapi.WithHeader(ctx), &workload.WITSVIDRequest{})
	must(err)
	answer, err := stream.Recv()
	must(err)
	expect(len(answer.Svids) == 2, "not both identities")
	jwks := witKeys(ctx)
	for _, svid := range answer.Svids {
		found := opened(svid.WitSvid, jwks)
		expect(found.Typ == "wit+jwt" && found.Sub == svid.SpiffeId && found.Cnf.Jwk.D == "", found)
		var private jwk
		must(json.Unmarshal([]byte(svid.WitSvidKey), &private))
		sum := sha256.Sum256([]byte("proof"))
		r, s, err := ecdsa.Sign(rand.Reader, &ecdsa.PrivateKey{PublicKey: *private.public(), D: number(private.D)}, sum[:])
		must(err)
		expect(ecdsa.Verify(found.Cnf.Jwk.public(), sum[:], r, s), "cnf is another key")
	}
}

func watchWit(ctx context.Context) {
	stream, err := api.FetchWITSVID(workloadapi.WithHeader(ctx), &workload.WITSVIDRequest{SpiffeId: web})
	must(err)
	one, err := stream.Recv()
	must(err)
	two, err := stream.Recv()
	must(err)
	expect(one.Svids[0].WitSvidKey != two.Svids[0].WitSvidKey, "the key is the same")
}
