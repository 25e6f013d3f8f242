package sealed_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"strings"

	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/version"
)

func Example() {
	ctx := context.Background()
	key := make([]byte, 32) // store it apart from the records
	rand.Read(key)
	aead, err := sealed.NewAESGCM(key)
	if err != nil {
		log.Fatal(err)
	}
	inner := new(version.MemStore)
	store := sealed.New(inner, aead)
	if err := store.Append(ctx, "shop", 0, version.NewRecord("API_KEY=s3cr3t")); err != nil {
		log.Fatal(err)
	}
	decrypted, _ := store.Read(ctx, "shop", 0)
	encrypted, _ := inner.Read(ctx, "shop", 0)
	fmt.Println(decrypted[0].Reveal(), strings.Contains(encrypted[0].Reveal(), "s3cr3t"))
	// Output: API_KEY=s3cr3t false
}
