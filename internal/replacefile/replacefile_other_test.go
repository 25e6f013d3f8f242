//go:build !unix

package replacefile_test

var kinds []kind
