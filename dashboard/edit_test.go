package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/version"
)

func secret(name string) binding.Binding { return binding.Secret(name, canary+" of "+name) }

// TestAddAndDeploy is "Add variable" for three secrets, and "Save and deploy".
func TestAddAndDeploy(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("OLD"))
	b := s.signIn()
	b.get("/workers/shop").contains("OLD", "Value encrypted")
	form := b.get("/workers/shop/edit?add")
	form = form.submit("nn0", "ONE", "tn0", "Secret", "vn0", canary+" 1", "action", "add")
	form.contains("New value entered")
	form = form.submit("nn1", "TWO", "tn1", "Secret", "vn1", canary+" 2\r\nline", "action", "add")
	review := form.submit("nn2", "THREE", "tn2", "Text", "vn2", "text", "action", "review")
	review.contains("<h1>Review</h1>", "<bdi>ONE</bdi>", "<bdi>TWO</bdi>", "<bdi>THREE</bdi>", "Deploy", "Save version")
	require.Equal(t, 1, s.snapshot().VersionCount(), "a review changes nothing")
	review.submit("message", "Add keys", "action", "deploy").contains("Version 2 was saved and deployed.")
	require.Equal(t, map[string]string{
		"OLD": canary + " of OLD", "ONE": canary + " 1", "TWO": canary + " 2\nline", "THREE": "text",
	}, s.deployed())
	v := s.latest()
	message, _ := v.Annotation(version.AnnotationMessage)
	require.Equal(t, []any{ana, "dash", "Add keys"}, []any{v.Author(), v.Source(), message})
}

func TestSaveDoesNotDeploy(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("OLD"))
	review := s.signIn().get("/workers/shop/edit").add("NEW")
	review.press("action", "save").contains("Version 2 was saved.", "It is not deployed")
	require.Equal(t, map[string]string{"OLD": canary + " of OLD"}, s.deployed())
	require.Equal(t, canary, s.latest().Env().Get("NEW"))
}

// TestRows changes the row of one variable and compares what the deployed env has then.
func TestRows(t *testing.T) {
	long := strings.Repeat("0123456789", 400)
	bindings := []binding.Binding{secret("SECRET"), binding.Var("TEXT", "a\r\nb\x00"),
		binding.JSONVar("JSON", `{"a": 1}`), binding.Var("LONG", long)}
	for _, test := range []struct {
		name    string
		row     string
		changes []string // of the fields of the row
		kind    binding.Kind
		want    string
	}{
		{"Encrypt", "TEXT", []string{"t", "Secret"}, binding.SecretText, "a\r\nb\x00"},
		{"EncryptLong", "LONG", []string{"t", "Secret"}, binding.SecretText, long},
		{"ReplaceSecret", "SECRET", []string{"v", canary + "2"}, binding.SecretText, canary + "2"},
		{"ReplaceText", "TEXT", []string{"v", "other"}, binding.PlainText, "other"},
		{"EmptyText", "TEXT", []string{"v", ""}, binding.PlainText, ""},
		{"ReplaceLong", "LONG", []string{"v", "short"}, binding.PlainText, "short"},
		{"SecretToText", "SECRET", []string{"t", "Text", "v", "public"}, binding.PlainText, "public"},
		{"JSON", "JSON", []string{"v", "[1, 2]"}, binding.JSON, "[1, 2]"},
		{"JSONToText", "JSON", []string{"t", "Text"}, binding.PlainText, `{"a": 1}`},
		{"JSONToSecret", "JSON", []string{"t", "Secret"}, binding.SecretText, `{"a": 1}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, dashboard.Options{}, bindings...)
			form := s.signIn().get("/workers/shop/edit")
			id := form.row(test.row)
			changes := []string{"action", "review"}
			for i := 0; i < len(test.changes); i += 2 {
				changes = append(changes, test.changes[i]+id, test.changes[i+1])
			}
			review := form.submit(changes...).contains("<h1>Review</h1>")
			review.press("action", "deploy").contains("was saved and deployed")
			for b := range s.latest().Bindings().All() {
				value, _ := b.Value()
				if b.Name() == test.row {
					require.Equal(t, test.kind, b.Kind())
					require.Equal(t, test.want, value.Reveal())
				} else {
					old, _ := binding.MustSet(bindings...).Lookup(b.Name())
					require.True(t, b.Equal(old), b.Name())
				}
			}
		})
	}
}

// TestTakenNames adds names that the version has: no binding, of whatever kind, is replaced.
func TestTakenNames(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("A"), binding.Var("B", "text"),
		binding.Resource("kv_namespace", "CARTS", ""))
	for _, name := range []string{"A", "B", "CARTS"} {
		page := s.signIn().get("/workers/shop/edit").
			submit("nn0", name, "tn0", "Secret", "vn0", canary, "action", "review")
		require.Equal(t, http.StatusUnprocessableEntity, page.status, name)
		page.contains("The version has a binding of this name already.", `<a href="#name-n0">`)
	}
}

// TestProblemOnce saves a change whose review has shown a problem.
func TestProblemOnce(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("A"))
	b := s.signIn()
	page := b.get("/workers/shop/edit").submit("nn0", "J", "tn0", "JSON", "vn0", "{", "action", "review")
	page = b.post(page.url.Path, url.Values{"action": {"deploy"}, "versions": {"1"}, "deployments": {"1"}})
	require.Equal(t, http.StatusUnprocessableEntity, page.status)
	require.Equal(t, 1, strings.Count(page.text, `<a href="#value-n0">`))
}

func TestRemove(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("A"), secret("B"))
	form := s.signIn().get("/workers/shop/edit").contains(`aria-label="Delete A"`)
	form = form.press("remove", form.row("A")).contains("Will be removed", `aria-label="Undo deletion of A"`)
	form = form.press("undo", "0")
	form = form.press("remove", form.row("B")).contains(`aria-label="Delete A"`)
	form.press("action", "review").contains("Remove", "<bdi>B</bdi>").press("action", "deploy")
	require.Equal(t, map[string]string{"A": canary + " of A"}, s.deployed())
}

// TestRemoveAfterEmptyRow removes a row in a form in which a row before it was emptied.
func TestRemoveAfterEmptyRow(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	form := s.signIn().get("/workers/shop/edit").submit("nn0", "ONE", "tn0", "Text", "vn0", "1",
		"nn1", "TWO", "tn1", "Text", "vn1", "2", "nn2", "THREE", "tn2", "Text", "vn2", "3", "action", "add")
	form = form.submit("nn0", "", "vn0", "", "remove", "n1")
	form.press("action", "review").press("action", "deploy")
	require.Equal(t, map[string]string{"THREE": "3"}, s.deployed())
}

// TestSecretStaysHidden enters a secret and then chooses that it is a Text.
func TestSecretStaysHidden(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("OLD"))
	form := s.signIn().get("/workers/shop/edit").
		submit("nn0", "NEW", "tn0", "Secret", "vn0", canary, "action", "add")
	form = form.submit("tn0", "Text", "t0", "Text", "action", "review")
	require.Equal(t, http.StatusUnprocessableEntity, form.status)
	form.contains("There is a problem", `<a href="#value-n0">`, `<a href="#value-0">`, "Enter the value again")
}

func TestProblems(t *testing.T) {
	for _, test := range []struct {
		name    string
		changes []string
		want    []string
	}{
		{"NoName", []string{"vn0", "x", "tn0", "Text"}, []string{`<a href="#name-n0">Enter a name.</a>`}},
		{"LongName", []string{"nn0", strings.Repeat("N", 256), "tn0", "Text", "vn0", "x"},
			[]string{`<a href="#name-n0">`, "A name has at most 255 bytes"}},
		{"JSON", []string{"nn0", "J", "tn0", "JSON", "vn0", "{"},
			[]string{`<a href="#value-n0"><bdi>J</bdi>: The value is not valid JSON.</a>`}},
		{"Twice", []string{"nn0", "X", "tn0", "Text", "vn0", "1", "nn1", "X", "tn1", "Text", "vn1", "2"},
			[]string{"<bdi>X</bdi>: Another row has this name."}},
		{"Several", []string{"nn0", "V", "tn0", "Text", "vn0", "1", "nn1", "J", "tn1", "JSON", "vn1", "{"},
			[]string{"<bdi>V</bdi>: The version has a binding of this name already.",
				"<bdi>J</bdi>: The value is not valid JSON."}},
		{"Large", []string{"nn0", "BIG", "tn0", "Secret", "vn0", strings.Repeat(canary, 1000)},
			[]string{"<bdi>BIG</bdi>: The value is larger than 5120 bytes."}},
		{"Unchanged", nil, []string{"Nothing would change."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, dashboard.Options{}, binding.Var("V", "v"))
			form := s.signIn().get("/workers/shop/edit").submit(append(test.changes, "action", "review")...)
			require.Equal(t, http.StatusUnprocessableEntity, form.status)
			form.contains(`id="problems"`, "autofocus").contains(test.want...)
			require.Equal(t, 1, s.snapshot().VersionCount())
		})
	}
}

func TestPaste(t *testing.T) {
	const file = `ONE=CANARY-1 # comment
PEM="-----BEGIN PRIVATE KEY-----
CANARY
-----END PRIVATE KEY-----"
CUT=CANARY#x
OLD='CANARY-3'
`
	s := newSite(t, dashboard.Options{}, secret("OLD"))
	form := s.signIn().get("/workers/shop/edit").submit("paste", file, "paste-type", "Secret", "action", "paste")
	form.contains("4 variables were read", "Nothing is saved yet", "Line 5:", "<bdi>CUT</bdi>", "starts a comment")
	form.press("action", "review").contains("<bdi>PEM</bdi>").press("action", "deploy")
	s.signIn().get("/workers/shop/edit").submit("paste", file, "action", "review").contains("Check these lines")
	s.signIn().get("/workers/shop/edit").submit("paste", "A=CANARY", "action", "review").contains("<h1>Review</h1>")
	require.Equal(t, map[string]string{
		"ONE": "CANARY-1", "PEM": "-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----", "CUT": "CANARY",
		"OLD": "CANARY-3",
	}, s.deployed())
}

// TestPasteFragments pastes a PEM without quotes, whose lines are no names.
func TestPasteFragments(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	s.signIn().get("/workers/shop/edit").submit("paste", "PEM=-----BEGIN PRIVATE KEY-----\n"+
		"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nCANARYANBgkqhkiG9w0B=\n"+
		"-----END PRIVATE KEY-----\n", "action", "paste").contains("1 variable was read", "put quotes around all of it")
}

// TestUndeployedLatest edits a Worker whose latest version is not deployed. Deploy must not deploy
// it, unless it is chosen (https://github.com/cloudflare/workers-sdk/issues/12443).
func TestUndeployedLatest(t *testing.T) {
	upload := func(tx *version.Tx) error {
		_, err := tx.Upload(version.Upload{Bindings: binding.MustSet(secret("OLD"), secret("UNTESTED"))})
		return err
	}
	t.Run("Deployed", func(t *testing.T) {
		s := newSite(t, dashboard.Options{}, secret("OLD"))
		s.update(upload)
		review := s.signIn().get("/workers/shop/edit").contains("Starts from version 1").add("NEW")
		review.contains("Version 2 is newer", "its changes will not").press("action", "deploy")
		require.Equal(t, map[string]string{"OLD": canary + " of OLD", "NEW": canary}, s.deployed())
	})
	t.Run("Latest", func(t *testing.T) {
		s := newSite(t, dashboard.Options{}, secret("OLD"))
		s.update(upload)
		b := s.signIn()
		review := b.get("/workers/shop/edit?base=" + s.latest().ID()).add("NEW")
		review.contains("Version 2 is not deployed. Deploy also deploys what it changes.", "<bdi>UNTESTED</bdi>")
		review.press("action", "deploy")
		require.Len(t, s.deployed(), 3)
	})
	t.Run("Rebase", func(t *testing.T) {
		s := newSite(t, dashboard.Options{}, secret("OLD"))
		s.update(upload)
		b := s.signIn()
		review := b.get("/workers/shop/edit").add("NEW")
		path := strings.TrimSuffix(review.url.Path, "/review")
		review = b.post(path, map[string][]string{"action": {"rebase"}, "base": {s.latest().ID()},
			"versions": {"2"}, "deployments": {"1"}})
		review.contains("made from version 2").press("action", "save")
		require.Len(t, s.latest().Env().Map(), 3)
	})
}

func TestRequired(t *testing.T) {
	o := dashboard.Options{Required: func(string) []string { return []string{"MUST"} }}
	s := newSite(t, o, secret("OLD"))
	review := s.signIn().get("/workers/shop/edit").add("NEW")
	review.contains("Required and missing: <code><bdi>MUST</bdi></code>")
	failed := review.press("action", "deploy").contains("This name is required and missing.")
	require.Equal(t, http.StatusUnprocessableEntity, failed.status)
	require.Equal(t, 1, s.snapshot().VersionCount())
	review.press("action", "save").contains("was saved.")
}

// TestConflict is a change that meets that of somebody else.
func TestConflict(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("OLD"))
	review := s.signIn().get("/workers/shop/edit").add("MINE")
	s.putTheirs()
	conflict := review.press("action", "deploy")
	require.Equal(t, http.StatusConflict, conflict.status)
	conflict.contains("Somebody else changed this Worker", "Version 2 was made", "ben@example.com (wrangler)",
		"<bdi>MINE</bdi>", "<bdi>THEIRS</bdi>", "Version 2 (deployed at 100 %)", "Version 1, as before")
	require.NotContains(t, conflict.text, "Save version</button>")
	require.Equal(t, 2, s.snapshot().VersionCount(), "nothing was saved")

	require.Equal(t, http.StatusConflict, review.b.get(review.url.Path).status, "until a base is chosen")
	rebased := conflict.press("base", s.latest().ID())
	rebased.contains("made from version 2").press("action", "deploy").contains("Version 3 was saved and deployed.")
	require.Equal(t, map[string]string{"OLD": canary + " of OLD", "THEIRS": canary, "MINE": canary}, s.deployed())
}

// TestConflictKeepsBase is a conflict in which somebody decides against the changes of the others.
func TestConflictKeepsBase(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("OLD"))
	form := s.signIn().get("/workers/shop/edit")
	s.putTheirs()
	conflict := form.add("MINE")
	require.Equal(t, http.StatusConflict, conflict.status)
	conflict.press("base", form.fields().Get("base")).contains("Remove", "<bdi>THEIRS</bdi>").press("action", "deploy")
	require.Equal(t, map[string]string{"OLD": canary + " of OLD", "MINE": canary}, s.deployed())
}

// TestRebase starts a change again from a version in which others changed the same names.
func TestRebase(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("A"), binding.Var("B", "b"), binding.Var("C", "c"),
		binding.Var("D", "d"))
	form := s.signIn().get("/workers/shop/edit")
	form = form.press("remove", form.row("A"))
	form = form.submit("v1", "mine", "t2", "Secret", "v3", "mine", "action", "add")
	s.edit(version.Edit{Unset: []string{"A", "B"}, Encrypt: []string{"C"}})
	conflict := form.press("action", "review")
	require.Equal(t, http.StatusConflict, conflict.status)
	conflict.press("base", s.latest().ID()).contains("Add", "<bdi>B</bdi>", "<bdi>D</bdi>").press("action", "deploy")
	require.Equal(t, map[string]string{"B": "mine", "C": "c", "D": "mine"}, s.deployed())
}

// TestRebaseEncrypted encrypts a text that others have removed. There is no value any more.
func TestRebaseEncrypted(t *testing.T) {
	s := newSite(t, dashboard.Options{}, binding.Var("GONE", "x"), binding.Var("V", "v"))
	form := s.signIn().get("/workers/shop/edit")
	s.edit(version.Edit{Unset: []string{"GONE"}})
	conflict := form.submit("t0", "Secret", "action", "review")
	form = conflict.press("base", s.latest().ID())
	form.contains("<bdi>GONE</bdi>: Enter the value again", `href="#value-n0"`)
	form.submit("vn0", canary, "action", "review").press("action", "deploy")
	require.Equal(t, map[string]string{"GONE": canary, "V": "v"}, s.deployed())
}

// TestOldForms sends forms of another tab, whose rows are others.
func TestOldForms(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	b := s.signIn()
	old := b.get("/workers/shop/edit").submit("nn0", "ONE", "tn0", "Secret", "vn0", canary+"1",
		"nn1", "TWO", "tn1", "Secret", "vn1", canary+"2", "action", "add")
	old.press("remove", "n0").press("action", "review").contains("<bdi>TWO</bdi>")
	old.press("action", "review").contains("<bdi>ONE</bdi>", "<bdi>TWO</bdi>").press("action", "deploy")
	require.Equal(t, map[string]string{"ONE": canary + "1", "TWO": canary + "2"}, s.deployed())
	require.Equal(t, http.StatusNotFound, old.press("action", "review").status, "nothing of a saved change is kept")
}

// TestSaveWithoutReview saves a draft that can't be reviewed.
func TestSaveWithoutReview(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	form := s.signIn().get("/workers/shop/edit").submit("nn0", "", "tn0", "Secret", "vn0", canary, "action", "add")
	v := form.b.post(form.url.Path+"/review", map[string][]string{"action": {"deploy"},
		"versions": {"1"}, "deployments": {"1"}})
	require.Equal(t, http.StatusUnprocessableEntity, v.contains("Enter a name.").status)
	require.Equal(t, 1, s.snapshot().VersionCount())
}

// TestOtherRecords is a change of settings by somebody else, which makes no version.
func TestOtherRecords(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	review := s.signIn().get("/workers/shop/edit").add("MINE")
	s.update(func(tx *version.Tx) error { return tx.PutSetting("tags", binding.NewValue("[]")) })
	review.press("action", "save").contains("Version 2 was saved.")
}

func TestDoubleSubmit(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	review := s.signIn().get("/workers/shop/edit").add("MINE")
	first := review.press("action", "save")
	second := review.press("action", "deploy")
	require.Equal(t, first.url, second.url)
	require.Equal(t, 2, s.snapshot().VersionCount())
	require.Equal(t, 1, s.snapshot().DeploymentCount())
	require.Equal(t, http.StatusNotFound, review.b.get(review.url.Path).status, "the draft is gone")
}

// TestShareOfZero tests that a change does not start from a version that no request gets, and that its page offers that
// version once.
func TestShareOfZero(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 1)
	s.update(func(tx *version.Tx) error {
		v, err := tx.Edit(version.Edit{Set: []binding.Binding{binding.Var("V", "2")}})
		require.NoError(t, err)
		first, _ := tx.Snapshot().Numbered(1)
		_, err = tx.Deploy(version.Deploy{Splits: version.Gradual(v.ID(), first.ID(), 0)})
		return err
	})
	b := s.signIn()
	b.get("/workers/shop").contains("Version 1", `<bdi class="text">1</bdi>`)
	page := b.get("/workers/shop/edit")
	page.contains("Starts from version 1", "latest, not deployed")
	require.Equal(t, 1, strings.Count(page.text, ">version 2</a>"), page.text)
}
