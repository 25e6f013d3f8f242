package etcd_test

import (
	"testing"

	"github.com/workerenv/workerenv/store/etcd"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

func TestOneMember(t *testing.T) {
	client := connect(t, endpoints...)
	versiontest.Run(t, func(t *testing.T) version.Store { return etcd.New(client, etcd.Options{Prefix: t.Name() + "/"}) })
}

func TestThreeMembers(t *testing.T) {
	client := connect(t, newCluster(t, 3).endpoints()...)
	versiontest.Run(t, func(t *testing.T) version.Store { return etcd.New(client, etcd.Options{Prefix: t.Name() + "/"}) })
}
