// Prints the X.509 identities of this process, and again at every rotation: watch [HOW_OFTEN]
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"workloadapi"
)

func main() {
	left := -1
	if len(os.Args) > 1 {
		left, _ = strconv.Atoi(os.Args[1])
	}
	conn, err := workloadapi.Dial(os.Getenv("SPIFFE_ENDPOINT_SOCKET"))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	ctx, stop := context.WithCancel(context.Background())
	err = workloadapi.WatchX509(ctx, conn, func(identities []workloadapi.X509Identity) error {
		for _, identity := range identities {
			leaf := identity.Chain[0]
			fmt.Printf("%s until %s, serial %x\n", identity.ID, leaf.NotAfter.UTC().Format(time.RFC3339), leaf.SerialNumber)
		}
		if left--; left == 0 {
			stop()
			return ctx.Err()
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		log.Fatal(err)
	}
}
