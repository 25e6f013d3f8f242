package etcd_test

import (
	"context"
	"fmt"
	"log"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/store/etcd"
	"github.com/workerenv/workerenv/version"
)

// This example adds two versions to a history, and reads it.
func Example() {
	client, err := clientv3.New(clientv3.Config{
		Endpoints:            endpoints, // for example []string{"localhost:2379"}
		DialKeepAliveTime:    10 * time.Second,
		DialKeepAliveTimeout: 5 * time.Second,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	h := version.NewHistory(etcd.New(client, etcd.Options{}), "shop", version.Options{})
	for _, host := range []string{"staging.example.com", "example.com"} {
		_, err := h.Update(ctx, func(tx *version.Tx) error {
			bindings, err := binding.NewSet(binding.Var("HOST", host))
			if err != nil {
				return err
			}
			_, err = tx.Upload(version.Upload{Bindings: bindings})
			return err
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	s, err := h.Read(ctx)
	if err != nil {
		log.Fatal(err)
	}
	latest, _ := s.Latest()
	fmt.Println("HOST is", latest.Env().Get("HOST"))
	// Output: HOST is example.com
}
