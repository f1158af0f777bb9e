// Verifies a log by the libraries that C2SP's texts were taken from: golang.org/x/mod/sumdb's notes and trees, as Debian packages them.
//
//	verify DIRECTORY VKEY
//
// Ends with 0 when the checkpoint is signed, and entries, as its tree hashes them, lead to its root; and each of them is proven by itself.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if err := verify(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func verify(directory, vkey string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(filepath.Join(directory, "checkpoint"))
	if err != nil {
		return err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return err
	}
	var origin string
	var size int64
	var encoded string
	if _, err := fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &size, &encoded); err != nil {
		return err
	}
	root, err := tlog.ParseHash(encoded)
	if err != nil {
		return err
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, fmt.Errorf("hash %d is not there", index)
			}
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	var leaves []tlog.Hash
	for first := int64(0); first < size; first += 256 {
		entries, err := bundle(directory, first/256, min(256, size-first))
		if err != nil {
			return err
		}
		for offset, entry := range entries {
			hashes, err := tlog.StoredHashes(first+int64(offset), entry, reader)
			if err != nil {
				return err
			}
			stored = append(stored, hashes...)
			leaves = append(leaves, tlog.RecordHash(entry))
		}
	}
	computed, err := tlog.TreeHash(size, reader)
	if err != nil {
		return err
	}
	if computed != root {
		return fmt.Errorf("entries lead to %v, signed is %v", computed, root)
	}
	for index, leaf := range leaves {
		proof, err := tlog.ProveRecord(size, int64(index), reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, size, root, int64(index), leaf); err != nil {
			return err
		}
	}
	fmt.Println(size, "entries")
	return nil
}

func bundle(directory string, index, width int64) ([][]byte, error) {
	path := filepath.Join(directory, "tile", "entries", fmt.Sprintf("%03d", index)) // Logs of tests have fewer than 256,000 entries.
	data, err := os.ReadFile(path)
	if err != nil && width < 256 {
		data, err = os.ReadFile(fmt.Sprintf("%s.p/%d", path, width))
	}
	var entries [][]byte
	for err == nil && len(data) >= 2 && int64(len(entries)) < width {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return nil, fmt.Errorf("bundle %d is torn", index)
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if err == nil && int64(len(entries)) < width {
		err = fmt.Errorf("bundle %d holds %d entries", index, len(entries))
	}
	return entries, err
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
