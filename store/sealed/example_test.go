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
	key := make([]byte, 32) // keep it where the records are not
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
	open, _ := store.Read(ctx, "shop", 0)
	kept, _ := inner.Read(ctx, "shop", 0)
	fmt.Println(open[0].Reveal(), strings.Contains(kept[0].Reveal(), "s3cr3t"))
	// Output: API_KEY=s3cr3t false
}
