package version

import "github.com/workerenv/workerenv/binding"

// The field numbers of the messages of a record; docs/records.md has them as a schema of protocol
// buffers. The meaning of a number never changes.
const (
	recordID, recordChange = 1, 2

	changeVersion, changeDeployment, changeSetting, changeClosing = 1, 2, 3, 4
	changeCreated, changeRenamed, changeDeleted                   = 5, 6, 7
	changeCheckpoint                                              = 8

	stampID, stampCreated, stampSource, stampAuthorID, stampAuthorEmail, stampAnnotation = 1, 2, 3, 4, 5, 6
	annotationKey, annotationText                                                        = 1, 2

	versionBase, versionUnset, versionSet, versionCode = 7, 8, 9, 10
	versionNumber                                      = 11
	bindingName, bindingKind, bindingText              = 1, 2, 3

	codeMain, codeBody, codeModule, codeDate, codeFlag, codeMetadata = 1, 2, 3, 4, 5, 6
	moduleName, moduleType, moduleDigest, moduleSize                 = 1, 2, 3, 4

	deploymentPart                   = 7
	partVersion, partShare, partRest = 1, 2, 3
	settingName, settingSet          = 1, 2

	checkpointLog, checkpointPosition, checkpointVersion      = 1, 2, 3
	checkpointDeployment, checkpointSetting, checkpointClosed = 4, 5, 6

	workerID, workerName, workerCreated = 1, 2, 3
)

func (s *stamp) write(w *writer) {
	w.text(stampID, s.id)
	w.number(stampCreated, uint64(s.created))
	w.text(stampSource, s.source)
	w.text(stampAuthorID, s.author.ID)
	w.text(stampAuthorEmail, s.author.Email)
	for _, a := range s.annotations {
		w.message(stampAnnotation, func() {
			w.text(annotationKey, a.key)
			w.text(annotationText, a.text)
		})
	}
}

// write writes the difference from the base, which may be a version of the same record.
func (v *version) write(w *writer, t *Tx) {
	base, _ := t.numbered(v.base)
	w.message(changeVersion, func() { v.writeFrom(w, base) })
}

// writeFrom writes the difference from another version, which may be nil.
func (v *version) writeFrom(w *writer, from *version) {
	v.stamp.write(w)
	w.number(versionBase, uint64(v.base))
	old := Version{from}.Bindings()
	for _, c := range old.Diff(v.bindings) {
		if c.Removed() {
			w.item(versionUnset, c.Name)
			continue
		}
		b, _ := v.bindings.Lookup(c.Name)
		w.message(versionSet, func() { w.binding(b) })
	}
	if from == nil || !from.code.equal(v.code) {
		w.message(versionCode, func() { v.code.write(w) })
	}
}

func (w *writer) binding(b binding.Binding) {
	w.text(bindingName, b.Name())
	w.text(bindingKind, string(b.Kind()))
	w.text(bindingText, textOf(b).Reveal())
}

func (c *Code) write(w *writer) {
	w.text(codeMain, c.MainModule)
	w.text(codeBody, c.BodyPart)
	for _, m := range c.Modules {
		w.message(codeModule, func() {
			w.text(moduleName, m.Name)
			w.text(moduleType, m.Type)
			w.text(moduleDigest, m.Digest)
			w.number(moduleSize, uint64(m.Size))
		})
	}
	w.text(codeDate, c.CompatibilityDate)
	for _, flag := range c.CompatibilityFlags {
		w.item(codeFlag, flag)
	}
	if !c.Metadata.IsZero() {
		w.item(codeMetadata, c.Metadata.Reveal())
	}
}

func (d *deployment) write(w *writer, _ *Tx) {
	w.message(changeDeployment, func() { d.writeFields(w) })
}

func (d *deployment) writeFields(w *writer) {
	d.stamp.write(w)
	for _, p := range d.parts {
		w.message(deploymentPart, func() {
			w.number(partVersion, uint64(p.version.number))
			w.number(partShare, uint64(p.share/hundredth))
			w.number(partRest, uint64(p.share%hundredth))
		})
	}
}

func (c setting) write(w *writer, _ *Tx) {
	w.message(changeSetting, func() { c.writeFields(w) })
}

func (c setting) writeFields(w *writer) {
	w.text(settingName, c.name)
	if !c.text.IsZero() {
		w.item(settingSet, c.text.Reveal())
	}
}

func (closing) write(w *writer, _ *Tx) { w.message(changeClosing, func() {}) }
