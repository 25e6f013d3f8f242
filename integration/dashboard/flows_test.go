package dashboard_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// ways are those in which each flow is tried.
var ways = []struct {
	name string
	way
}{
	{"Desktop", way{width: 1440, audit: true}},
	{"Phone", way{width: 360, audit: true}},
	{"NoScript", way{width: 768, noScript: true}},
	{"Keyboard", way{width: 768, keyboard: true}},
	{"KeyboardNoScript", way{width: 360, keyboard: true, noScript: true}},
}

// flows are what people do with a Worker "shop" that has a Text, two secrets and a JSON. Each one
// begins on the page of its variables, in the ways above, and ends with a look through wrangler.
var flows = []struct {
	name string
	do   func(*person)
}{
	{"AddThreeAndDeploy", addThreeAndDeploy},
	{"SaveVersion", saveVersion},
	{"Encrypt", encrypt},
	{"Replace", replace},
	{"DeleteByX", deleteByX},
	{"PasteFile", pasteFile},
	{"Mistakes", mistakes},
	{"Conflict", conflict},
	{"GradualDeployment", gradualDeployment},
	{"Rollback", rollback},
	{"RollbackCode", rollbackCode},
	{"History", history},
}

func TestFlows(t *testing.T) {
	for _, flow := range flows {
		for _, w := range ways {
			t.Run(flow.name+"/"+w.name, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, nil, binding.Var("MODE", "fast"), secret("API_KEY"), secret("DB_URL"),
					binding.JSONVar("LIMITS", `{"rps": 10}`))
				p := s.arrives(w.way)
				p.follows("shop")
				flow.do(p)
				if w.name == "Desktop" {
					s.wranglerSees()
				}
			})
		}
	}
}

func secret(name string) binding.Binding { return binding.Secret(name, canary+" of "+name) }

// start is the env of version 1, with changes: names and values, "" to remove one.
func start(changes ...string) map[string]string {
	env := map[string]string{"MODE": "fast", "API_KEY": canary + " of API_KEY", "DB_URL": canary + " of DB_URL",
		"LIMITS": `{"rps": 10}`}
	for i := 0; i < len(changes); i += 2 {
		env[changes[i]] = changes[i+1]
		if changes[i+1] == "" {
			delete(env, changes[i])
		}
	}
	return env
}

// addThreeAndDeploy takes three clicks. docs/dashboard.md compares that with other dashboards.
func addThreeAndDeploy(p *person) {
	p.clicked = 0
	p.follows("Add")
	p.empty().names("ONE").enters(canary + " 1")
	p.addsRow()
	p.empty().names("TWO").chooses("Text").enters("two")
	p.addsRow()
	p.empty().names("THREE").enters(canary + "\nwith two lines")
	p.presses("Review")
	p.sees("Version 2 will be made from version 1", "Add\nONE\nSecret", "Add\nTWO\nText", "Add\nTHREE\nSecret")
	require.Equal(p.t, 1, p.site.snapshot().VersionCount(), "a review changes nothing")
	p.presses("Deploy")
	p.sees("Version 2 was saved and deployed.", "ONE", "TWO", "THREE")
	if !p.way.noScript {
		require.Equal(p.t, 3, p.clicked)
	}
	require.Equal(p.t, start("ONE", canary+" 1", "TWO", "two", "THREE", canary+"\nwith two lines"), p.site.deployed())
	require.Equal(p.t, "dev@example.com", p.site.latest().Author().Email)
}

func saveVersion(p *person) {
	p.follows("Add")
	p.empty().names("NEW").enters(canary)
	p.presses("Review")
	p.enters(p.finds("textbox", "Message (optional)"), "Add a key")
	p.presses("Save version")
	p.sees("Version 2 was saved. It is not deployed")
	require.Equal(p.t, start(), p.site.deployed())
	require.Equal(p.t, start("NEW", canary), p.site.latest().Env().Map())
	p.follows("Deploy version 2")
	p.sees("All requests get version 2.", "Add\nNEW\nSecret")
	p.presses("Deploy")
	p.sees("The deployment was made.")
	require.Equal(p.t, start("NEW", canary), p.site.deployed())
	p.follows("Versions")
	p.sees("Add a key")
}

func encrypt(p *person) {
	p.follows("Edit")
	p.row("MODE").chooses("Secret")
	p.presses("Review")
	p.sees("Change\nMODE\nText → Secret, same value")
	p.presses("Deploy")
	p.sees("Version 2 was saved and deployed.")
	require.NotContains(p.t, p.reads(), "fast")
	require.Equal(p.t, start(), p.site.deployed())
	mode, _ := p.site.latest().Bindings().Lookup("MODE")
	require.Equal(p.t, binding.SecretText, mode.Kind())
}

// replace leaves the field of one secret empty, which keeps it.
func replace(p *person) {
	p.follows("Edit")
	value := p.row("API_KEY").enters(canary+" new").field("textbox", "Value")
	require.Equal(p.t, "disc", p.style(value, "-webkit-text-security"))
	p.ticks("checkbox", "Show secrets while I type")
	require.Equal(p.t, "none", p.style(value, "-webkit-text-security"))
	p.row("MODE").enters("slow")
	p.presses("Review")
	p.sees("Change\nAPI_KEY\nSecret, different value", "Change\nMODE\nText, different value")
	require.NotContains(p.t, p.reads(), "DB_URL")
	p.follows("Edit")
	require.Equal(p.t, "", p.value(p.row("API_KEY").field("textbox", "Value")))
	p.presses("Review")
	p.presses("Deploy")
	p.sees("Version 2 was saved and deployed.", "slow")
	require.Equal(p.t, start("API_KEY", canary+" new", "MODE", "slow"), p.site.deployed())
}

func deleteByX(p *person) {
	p.follows("Edit")
	p.presses("Delete DB_URL")
	p.sees("Will be removed")
	p.presses("Delete MODE")
	p.presses("Undo deletion of MODE")
	p.presses("Review")
	p.sees("Remove\nDB_URL\nSecret")
	require.NotContains(p.t, p.reads(), "MODE")
	p.presses("Deploy")
	p.sees("Version 2 was saved and deployed.")
	require.Equal(p.t, start("DB_URL", ""), p.site.deployed())
}

const pem = "-----BEGIN PRIVATE KEY-----\n" + canary + "\n-----END PRIVATE KEY-----"

func pasteFile(p *person) {
	p.follows("Add")
	p.ticks("DisclosureTriangle", "Paste a .dev.vars file")
	p.enters(p.finds("textbox", "Text of the file"), "PEM=\""+pem+"\"\nCUT="+canary+"#x\nAPI_KEY='"+canary+" 2'\n")
	p.presses("Add to the rows")
	p.sees("3 variables were read from the file. Nothing is saved yet.", "Line 4: CUT:")
	p.presses("Review")
	p.sees("Add\nPEM\nSecret", "Add\nCUT\nSecret", "Change\nAPI_KEY\nSecret, different value")
	p.presses("Deploy")
	p.sees("Version 2 was saved and deployed.")
	require.Equal(p.t, start("PEM", pem, "CUT", canary, "API_KEY", canary+" 2"), p.site.deployed())
}

// mistakes are found before anything is saved. The list of them gets the focus.
func mistakes(p *person) {
	p.follows("Add")
	p.empty().names("CONFIG").chooses("JSON").enters("{")
	p.addsRow()
	p.empty().names("SPEED").enters(canary)
	require.Equal(p.t, 422, p.presses("Review"))
	p.sees("There is a problem", "CONFIG: The value is not valid JSON.")
	require.Equal(p.t, p.finds("alert", "There is a problem"), p.focused())
	p.clicks(p.finds("link", "CONFIG: The value is not valid JSON."))
	p.waits(func() bool { return p.focused() == p.row("CONFIG").field("textbox", "Value") }, "the field has no focus")
	p.row("CONFIG").enters("{}")
	p.presses("Review")
	p.sees("Add\nSPEED\nSecret")
	require.Equal(p.t, 1, p.site.snapshot().VersionCount())
	p.presses("Deploy")
	p.sees("Version 2 was saved and deployed.")
	require.Equal(p.t, start("CONFIG", "{}", "SPEED", canary), p.site.deployed())
}

// conflict is a change that meets that of a person in another browser.
func conflict(p *person) {
	p.follows("Add")
	p.empty().names("MINE").enters(canary + " mine")
	p.presses("Review")

	ben := p.site.arrives(p.way)
	ben.follows("shop")
	ben.follows("Add")
	ben.empty().names("THEIRS").enters(canary + " theirs")
	ben.presses("Review")
	ben.presses("Deploy")
	ben.sees("Version 2 was saved and deployed.")

	require.Equal(p.t, 409, p.presses("Deploy"))
	p.sees("Somebody else changed this Worker", "What you entered is kept", "Version 2 was made from version 1",
		"Add\nMINE\nSecret")
	require.Equal(p.t, 2, p.site.snapshot().VersionCount())
	p.presses("Version 2 (deployed at 100 %)")
	p.sees("Version 3 will be made from version 2", "Add\nMINE\nSecret")
	require.NotContains(p.t, p.reads(), "THEIRS")
	p.presses("Deploy")
	p.sees("Version 3 was saved and deployed.")
	require.Equal(p.t, start("MINE", canary+" mine", "THEIRS", canary+" theirs"), p.site.deployed())
}

// gradualDeployment gives a quarter of the requests a new version, and then all.
func gradualDeployment(p *person) {
	p.site.update(func(tx *version.Tx) error {
		_, err := tx.VersionsSecretPut("API_KEY", canary+" 2", version.Meta{})
		return err
	})
	p.follows("Deployments")
	p.follows("New deployment")
	share := p.finds("spinbutton", "Share in percent")
	if !p.way.noScript {
		p.focuses(p.finds("slider", "Share"))
		p.types(kb.Home + kb.ArrowRight)
		require.Equal(p.t, "1", p.value(share))
		p.visits(evaluate[string](p, "location.href")) // so that Tab starts at the top
		share = p.finds("spinbutton", "Share in percent")
	}
	p.enters(share, "25")
	p.presses("Review")
	p.sees("25 % of the requests get version 2, the others version 1.", "Change\nAPI_KEY\nSecret, different value")
	p.presses("Deploy")
	p.sees("The deployment was made.", "Version 1 75 %", "Version 2 25 %")
	current, _ := p.site.snapshot().Current()
	require.Contains(p.t, current.Splits(), version.Split{Version: p.site.latest().ID(), Share: version.Percent(25)})
	p.follows("Variables and secrets")
	p.sees("Differs in version 1")
	p.follows("Deployments")
	p.follows("Promote version 2 to 100 %")
	p.sees("All requests get version 2.")
	p.presses("Deploy")
	p.sees("The deployment was made.", "Version 2 100 %")
	require.Equal(p.t, start("API_KEY", canary+" 2"), p.site.deployed())
}

// rollback deploys the old version in spite of the warning.
func rollback(p *person) {
	p.site.puts("API_KEY", canary+" 2")
	p.follows("Deployments")
	p.follows("Roll back to version 1")
	p.sees("Secrets have changed since version 1", "API_KEY", "Roll back everything", "Roll back the code only")
	p.follows("Cancel")
	require.Equal(p.t, start("API_KEY", canary+" 2"), p.site.deployed())
	p.follows("Roll back to version 1")
	p.presses("Roll back everything")
	p.sees("The deployment was made.", "Version 1 100 %")
	require.Equal(p.t, start(), p.site.deployed())
}

// rollbackCode keeps the new secret.
func rollbackCode(p *person) {
	p.site.puts("API_KEY", canary+" 2")
	p.follows("Deployments")
	p.follows("Roll back to version 1")
	p.presses("Roll back the code only")
	p.sees("The deployment was made.", "Version 3 100 %")
	require.Equal(p.t, start("API_KEY", canary+" 2"), p.site.deployed())
}

// history looks at old versions.
func history(p *person) {
	p.site.puts("API_KEY", canary+" 2")
	p.follows("Versions")
	p.follows("Version 2")
	p.sees("From version 1 to version 2: same code.", "Change\nAPI_KEY\nSecret, different value",
		"Value encrypted", "fast")
	p.follows("Versions")
	p.follows("Version 1")
	p.enters(p.finds("spinbutton", "From version"), "2")
	p.presses("Compare")
	p.sees("From version 2 to version 1: same code.")
	p.follows("Workers")
	p.enters(p.finds("searchbox", "Search Workers"), "nothing")
	p.presses("Search")
	p.sees("No Worker has")
}
