package wrangler

// FollowRedirect returns o, changed to follow a .wrangler/deploy/config.json although Programmatic is set.
func FollowRedirect(o Options) Options {
	o.followRedirect = true
	return o
}
