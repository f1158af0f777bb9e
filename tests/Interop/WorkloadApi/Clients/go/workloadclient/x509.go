package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"workload"
	"workloadapi"
)

func identities(ctx context.Context) []workloadapi.X509Identity {
	stream, err := api.FetchX509SVID(workloadapi.WithHeader(ctx), &workload.X509SVIDRequest{})
	must(err)
	response, err := stream.Recv()
	must(err)
	found, err := workloadapi.ParseX509(response)
	must(err)
	return found
}

// verified checks a chain against a bundle as crypto/x509 does, and returns the leaf's one URI.
func verified(chain, bundle []*x509.Certificate) (string, error) {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, authority := range bundle {
		roots.AddCert(authority)
	}
	for _, certificate := range chain[1:] {
		between.AddCert(certificate)
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	if _, err := chain[0].Verify(options); err != nil {
		return "", err
	}
	if len(chain[0].URIs) != 1 {
		return "", errors.New("not one URI")
	}
	return chain[0].URIs[0].String(), nil
}

func x509Svid(ctx context.Context) {
	found := identities(ctx)
	expect(len(found) == 2 && found[0].ID == web && found[0].Hint == "web" && found[1].ID == db && found[1].Hint == "db", found)
	for _, identity := range found {
		name, err := verified(identity.Chain, identity.Bundle)
		must(err)
		expect(name == identity.ID, "URI is ", name)
		expect(identity.Key.Public().(*ecdsa.PublicKey).Equal(identity.Chain[0].PublicKey), "the key is another's")
		for _, authority := range identity.Bundle {
			expect(authority.URIs[0].String() == domain, "an authority has another name")
		}
	}
	expect(fmt.Sprint(found[0].Chain[0].DNSNames) == "[web.example.org]", found[0].Chain[0].DNSNames)
	expect(!found[0].Key.Public().(*ecdsa.PublicKey).Equal(found[1].Key.Public()), "two identities share a key")
}

// peers is a configuration with an identity of ours that lets in nobody but one SPIFFE ID.
func peers(ours workloadapi.X509Identity, theirs string) *tls.Config {
	certificate := tls.Certificate{PrivateKey: ours.Key}
	for _, c := range ours.Chain {
		certificate.Certificate = append(certificate.Certificate, c.Raw)
	}
	return &tls.Config{
		Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert,
		InsecureSkipVerify: true, // For the names of hosts: chain and SPIFFE ID are checked below.
		VerifyConnection: func(state tls.ConnectionState) error {
			name, err := verified(state.PeerCertificates, ours.Bundle)
			if err == nil && name != theirs {
				err = fmt.Errorf("%s is not %s", name, theirs)
			}
			return err
		},
	}
}

func mutualTLS(ctx context.Context) {
	found := identities(ctx)
	talk := func(server, client *tls.Config) (string, error) {
		listener, err := tls.Listen("tcp", "127.0.0.1:0", server)
		must(err)
		defer listener.Close()
		go func() {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			defer connection.Close()
			if line, err := bufio.NewReader(connection).ReadString('\n'); err == nil {
				fmt.Fprint(connection, strings.ToUpper(line))
			}
		}()
		connection, err := tls.Dial("tcp", listener.Addr().String(), client)
		if err != nil {
			return "", err
		}
		defer connection.Close()
		if _, err := fmt.Fprintln(connection, "hello"); err != nil {
			return "", err
		}
		return bufio.NewReader(connection).ReadString('\n')
	}
	answer, err := talk(peers(found[0], db), peers(found[1], web))
	must(err)
	expect(answer == "HELLO\n", answer)
	_, err = talk(peers(found[0], domain+"/other"), peers(found[1], web))
	expect(err != nil, "the server let in another identity")
	_, err = talk(peers(found[0], db), peers(found[1], domain+"/other"))
	expect(err != nil, "the client took another server")
}

func watch(ctx context.Context) {
	stream, err := api.FetchX509SVID(workloadapi.WithHeader(ctx), &workload.X509SVIDRequest{})
	must(err)
	var leaves []*x509.Certificate
	for len(leaves) < 3 {
		response, err := stream.Recv()
		must(err)
		found, err := workloadapi.ParseX509(response)
		must(err)
		leaf := found[0].Chain[0]
		expect(found[0].ID == web, found[0].ID)
		if len(leaves) == 0 || !bytes.Equal(leaves[len(leaves)-1].Raw, leaf.Raw) {
			leaves = append(leaves, leaf)
		}
	}
	for i, later := range leaves[1:] {
		expect(!later.PublicKey.(*ecdsa.PublicKey).Equal(leaves[i].PublicKey), "the key is the same")
		expect(later.NotBefore.Before(leaves[i].NotAfter) && later.NotAfter.After(leaves[i].NotAfter), "a gap after ", leaves[i].NotAfter)
	}
}

func missingHeader(ctx context.Context) {
	for _, values := range [][]string{nil, {"false"}, {"True"}, {"true", "true"}} {
		sent := metadata.NewOutgoingContext(ctx, metadata.MD{"workload.spiffe.io": values})
		everyCall(sent, func(name string, err error) { fails(name, codes.InvalidArgument, err) })
	}
}

func noIdentity(ctx context.Context) {
	everyCall(workloadapi.WithHeader(ctx), func(name string, err error) { fails(name, codes.PermissionDenied, err) })
}

func restart(ctx context.Context) {
	var before []workloadapi.X509Identity
	done := errors.New("done")
	err := workloadapi.WatchX509(ctx, conn, func(found []workloadapi.X509Identity) error {
		if before != nil {
			expect(len(found) == len(before) && found[0].ID == before[0].ID, "other identities")
			expect(!bytes.Equal(found[0].Bundle[0].RawSubjectPublicKeyInfo, before[0].Bundle[0].RawSubjectPublicKeyInfo), "the authority is still the one that ended")
			return done
		}
		before = found
		fmt.Println("restart")
		return nil
	})
	expect(err == done, err)
}
