package binding_test

import (
	"fmt"
	"testing"

	"github.com/workerenv/workerenv/binding"
)

// full returns as many bindings as a Worker may have.
func full(b *testing.B) binding.Set {
	var bs []binding.Binding
	for i := range binding.PaidPlan().Bindings {
		bs = append(bs, binding.Secret(fmt.Sprintf("SECRET_NAME_%03d", i),
			fmt.Sprintf("a secret text of 40 bytes or so, no %4d", i)))
	}
	return set(b, bs...)
}

func BenchmarkLookup(b *testing.B) {
	e, err := full(b).Env()
	if err != nil {
		b.Fatal(err)
	}
	names, plain := e.Names(), e.Map()
	b.Run("map", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, ok := plain[names[i%len(names)]]; !ok {
				b.Fatal("not there")
			}
		}
	})
	b.Run("Env", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, ok := e.Lookup(names[i%len(names)]); !ok {
				b.Fatal("not there")
			}
		}
	})
	b.Run("Get", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if e.Get(names[i%len(names)]) == "" {
				b.Fatal("not there")
			}
		}
	})
	b.Run("Set", func(b *testing.B) {
		b.ReportAllocs()
		s := full(b)
		for i := 0; b.Loop(); i++ {
			if _, ok := s.Lookup(names[i%len(names)]); !ok {
				b.Fatal("not there")
			}
		}
	})
}

func BenchmarkSet(b *testing.B) {
	s := full(b)
	b.Run("With", func(b *testing.B) {
		b.ReportAllocs()
		changed := binding.Secret("SECRET_NAME_064", "changed")
		for b.Loop() {
			if _, err := s.With(changed); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Without", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Without("SECRET_NAME_064")
		}
	})
	b.Run("Diff", func(b *testing.B) {
		b.ReportAllocs()
		other, err := s.With(binding.Secret("SECRET_NAME_064", "changed"))
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if len(s.Diff(other)) != 1 {
				b.Fatal("not one change")
			}
		}
	})
	b.Run("Env", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.Env(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkNewValue(b *testing.B) {
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		text := []byte("a text of 40 bytes, different every time")
		for i := 0; b.Loop(); i++ {
			text[0], text[1], text[2], text[3] = byte(i), byte(i>>8), byte(i>>16), byte(i>>24)
			binding.NewValue(string(text))
		}
	})
	b.Run("same", func(b *testing.B) {
		b.ReportAllocs()
		v := binding.NewValue("a text of 40 bytes, the same every time.")
		for b.Loop() {
			if binding.NewValue("a text of 40 bytes, the same every time.") != v {
				b.Fatal("not the same")
			}
		}
	})
	b.Run("Reveal", func(b *testing.B) {
		b.ReportAllocs()
		v := binding.NewValue("text")
		for b.Loop() {
			if v.Reveal() == "" {
				b.Fatal("no text")
			}
		}
	})
}
