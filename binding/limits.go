package binding

import "fmt"

// Limits are Cloudflare's limits on the vars and secrets of a Worker. 0 means no limit, so the zero
// Limits allow everything, as wrangler 4.164.0 does; Cloudflare checks the upload.
type Limits struct {
	Bindings   int // the maximum number of vars and secrets together
	ValueBytes int // the maximum length of one text or JSON text, in bytes of UTF-8
}

// FreePlan returns the limits of Workers Free: 64 bindings, values of 5 KB. The source is
// Cloudflare's page "Limits" (developers.cloudflare.com/workers/platform/limits, environment
// variables). A KB has 1,024 bytes there, according to pull request 956 of cloudflare/workers-docs.
func FreePlan() Limits { return Limits{Bindings: 64, ValueBytes: 5 << 10} }

// PaidPlan returns the limits of Workers Paid: 128 bindings, values of 5 KB. The source is that of
// [FreePlan].
func PaidPlan() Limits { return Limits{Bindings: 128, ValueBytes: 5 << 10} }

// LimitError lists everything in a Set that exceeds Limits.
type LimitError struct {
	Limits   Limits   // the limits that were checked
	Bindings int      // number of vars and secrets if that is too many, else 0
	TooLarge []string // names of the values that are too large, in byte order
}

// Check returns a [*LimitError] if s exceeds l, else nil. Vars and secrets count. Resources do not,
// nor do Inherit bindings, whose kinds are not known yet.
func (l Limits) Check(s Set) error {
	e := &LimitError{Limits: l}
	count := 0
	for b := range s.All() {
		v, ok := b.Value()
		if !ok {
			continue
		}
		count++
		if l.ValueBytes > 0 && len(v.Reveal()) > l.ValueBytes {
			e.TooLarge = append(e.TooLarge, b.Name())
		}
	}
	if l.Bindings > 0 && count > l.Bindings {
		e.Bindings = count
	}
	if e.Bindings == 0 && e.TooLarge == nil {
		return nil
	}
	return e
}

// Error returns the number of bindings if that is too many, and the first few names of values that
// are too large.
func (e *LimitError) Error() string {
	large := few(len(e.TooLarge), func(i int) string {
		return fmt.Sprintf("%s: value is larger than %d bytes", quoted(e.TooLarge[i]), e.Limits.ValueBytes)
	})
	if e.Bindings == 0 {
		return large
	}
	many := fmt.Sprintf("%d vars and secrets are more than %d", e.Bindings, e.Limits.Bindings)
	if large == "" {
		return many
	}
	return many + "; " + large
}
