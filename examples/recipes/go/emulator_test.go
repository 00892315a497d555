package recipe

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"testing"
)

// emulatorURL is where the emulator of this test run listens.
var emulatorURL string

// TestMain starts one emulator for all tests, on a free port, and stops it.
func TestMain(m *testing.M) {
	os.Exit(withEmulator(m.Run))
}

func withEmulator(run func() int) int {
	command := exec.Command("node_modules/.bin/temporal-migration-hub", "emulator", "--port", "0")
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the emulator did not start:", err)
		return 1
	}
	defer command.Wait()
	defer command.Process.Signal(os.Interrupt)
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	started := regexp.MustCompile(`emulator on (\S+);`).FindStringSubmatch(line)
	if started == nil {
		fmt.Fprintln(os.Stderr, "the emulator did not start:", line)
		return 1
	}
	emulatorURL = started[1]
	return run()
}

// admin makes a call to the admin API, and decodes its answer into result, where there is one.
func admin(t *testing.T, method, route string, body, result any) {
	t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, emulatorURL+"/_mgh/"+route, bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s", method, route, response.Status)
	}
	if result == nil {
		return
	}
	if err := json.NewDecoder(response.Body).Decode(result); err != nil {
		t.Fatal(err)
	}
}
