package config

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// containerImage wants the image of a container to be the path of a Dockerfile or an image in a registry.
func containerImage(n node) bool {
	image := n.get("image")
	if image.value.IsNullish() {
		image = n.deep("configuration.image")
	}
	if !image.value.Is(jsvalue.String) {
		return image.mustBe("a string, the path of a Dockerfile or an image in a registry")
	}
	options := n.level.check.options
	isDir, ok := options.exists(options.file(image.value.Text()))
	switch {
	case ok && isDir:
		return image.fail(RuleFormat, "is a directory; set it to the path of the Dockerfile in it")
	case ok:
		return n.buildContext()
	}
	return image.isImageReference()
}

// buildContext wants what the reference makes a path of.
func (n node) buildContext() bool {
	context := n.get("image_build_context")
	return !context.value.Truthy() || is(text)(context)
}

// exists asks for a file. The directory of the configuration and those around it always exist.
func (o Options) exists(path string) (isDir, ok bool) {
	if o.Exists != nil {
		return o.Exists(path)
	}
	return o.isConfigDirectory(path), o.isConfigDirectory(path)
}

func (o Options) isConfigDirectory(path string) bool {
	dir := o.file("")
	for {
		if dir == path {
			return true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return false
		}
		dir = up
	}
}

// isImageReference wants the form of an image in a registry: the rest of an https URL that ends in a tag.
func (n node) isImageReference() bool {
	image := n.value.Text()
	last := image[strings.LastIndexByte(image, '/')+1:]
	switch {
	case !isHTTPSURL(image):
		return n.fail(RuleFormat, "is neither the path of a Dockerfile nor an image in a registry")
	case !strings.Contains(last, ":"):
		return n.fail(RuleFormat, "is not the path of a Dockerfile, and lacks a tag to be an image in a registry, "+
			`such as "docker.io/httpd:1"`)
	case strings.Contains(image, "://"):
		return n.fail(RuleFormat, `must not have a protocol; write "docker.io/httpd:1" instead of "https://docker.io/httpd:1"`)
	}
	return true
}

var imageDigest = pattern(`^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)+@sha256:[a-f0-9]{64}$`)

// containerImages validates the images of a container that is managed by Durable Objects, each with a name.
func containerImages(n node) bool {
	if !n.isRecord() || len(keys(n.value)) == 0 {
		return n.mustBe("an object that is not empty")
	}
	images := n.children()
	ok := len(images) <= 100 || n.fail(RuleRange, "must have at most 100 images")
	for _, image := range images {
		if length := jsvalue.UTF16Len(image.name); length == 0 || length > 128 {
			ok = image.fail(RuleRange, "must have a name of 1 to 128 characters")
		}
		ok = record(namedImage)(image) && ok
	}
	return ok
}

func namedImage(n node) bool {
	file, image := n.get("dockerfile"), n.get("image")
	ok := file.isUndefined() != image.isUndefined() || n.fail(RuleConflict, `must have one of "dockerfile" and "image"`)
	ok = nonEmpty("dockerfile")(n) && ok
	ok = nonEmpty("image")(n) && ok
	if ref := image.value.Text(); ref != "" && !n.level.isManagedImage(ref) {
		ok = image.fail(RuleFormat, "must be an image of the managed registry with its digest: "+
			n.level.registry()+"/<account-id>/<repository>@sha256:<64 lower-case hexadecimal digits>")
	}
	allowed := []string{"dockerfile", "image"}
	if image.isUndefined() && !file.isUndefined() {
		ok = nonEmpty("build_context")(n) && ok
		ok = field("build_vars", maybe(buildVars))(n) && ok
		allowed = append(allowed, "build_context", "build_vars")
	}
	if unknown := without(keys(n.value), allowed); len(unknown) > 0 {
		ok = n.fail(RuleUnknownField, "has fields that it cannot have, "+quoted(unknown)+"; remove them")
	}
	return ok
}

func buildVars(n node) bool {
	notText := func(n node) bool { return !n.value.Is(jsvalue.String) }
	if !n.isRecord() || slices.ContainsFunc(n.children(), notText) {
		return n.fail(RuleType, "must be an object of strings")
	}
	return true
}

func (l *level) isManagedImage(image string) bool {
	reference, ok := strings.CutPrefix(image, l.registry()+"/")
	return ok && imageDigest().MatchString(reference)
}

// registry returns the host of the managed registry.
func (l *level) registry() string {
	if r := l.check.options.ContainerRegistry; r != "" {
		return r
	}
	region := l.get("compliance_region").value
	if region.IsNullish() && l.top != nil {
		region = l.top.fields.Get("compliance_region")
	}
	if region.Text() == "fedramp_high" {
		return "registry.fed.cloudflare.com"
	}
	return "registry.cloudflare.com"
}
