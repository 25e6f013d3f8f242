package dotenv

import (
	"os"
	"testing"

	"github.com/joho/godotenv"
	"github.com/stretchr/testify/require"
)

const text = "# for development\nTEST_HOST=localhost\nexport TEST_URL=\"http://${TEST_HOST}:8787\"\nTEST_KEY='a # b'\n"

var want = map[string]string{"TEST_HOST": "localhost", "TEST_URL": "http://localhost:8787", "TEST_KEY": "a # b"}

func project(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile(".env", []byte(text), 0o600))
	for name := range want {
		t.Setenv(name, "") // restores the variable at the end of the test
		require.NoError(t, os.Unsetenv(name))
	}
}

func environ() map[string]string {
	got := map[string]string{}
	for name := range want {
		got[name] = os.Getenv(name)
	}
	return got
}

func TestRead(t *testing.T) {
	project(t)
	for _, read := range []func(...string) (map[string]string, error){Read, godotenv.Read} {
		got, err := read()
		require.NoError(t, err)
		require.Equal(t, want, got)
		got, err = read(".env")
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestLoad(t *testing.T) {
	for name, load := range map[string]func(...string) error{"Load": Load, "godotenv.Load": godotenv.Load} {
		t.Run(name, func(t *testing.T) {
			project(t)
			t.Setenv("TEST_KEY", "set before")
			require.NoError(t, load())
			require.Equal(t, "set before", os.Getenv("TEST_KEY"))
			require.Equal(t, "localhost", os.Getenv("TEST_HOST"))
		})
	}
}

func TestOverload(t *testing.T) {
	overloads := map[string]func(...string) error{"Overload": Overload, "godotenv.Overload": godotenv.Overload}
	for name, overload := range overloads {
		t.Run(name, func(t *testing.T) {
			project(t)
			t.Setenv("TEST_KEY", "set before")
			require.NoError(t, overload())
			require.Equal(t, want, environ())
		})
	}
}
