package recipe

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/migrationhub"
	"github.com/aws/smithy-go"
)

type task struct {
	Status          string
	ProgressPercent int
	Stale           bool
	StaleSeconds    float64
}

// newHub gives the emulator as at its start, with the server web-01, and a client in front of it.
func newHub(t *testing.T) *migrationhub.Client {
	t.Helper()
	admin(t, "POST", "reset", struct{}{}, nil)
	client := migrationhub.New(migrationhub.Options{
		BaseEndpoint: aws.String(emulatorURL),
		Region:       "us-west-2",
		Credentials:  aws.AnonymousCredentials{},
	})
	stream := aws.String("DatacenterExit")
	_, err := client.CreateProgressUpdateStream(t.Context(), &migrationhub.CreateProgressUpdateStreamInput{
		ProgressUpdateStreamName: stream,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.ImportMigrationTask(t.Context(), &migrationhub.ImportMigrationTaskInput{
		ProgressUpdateStream: stream,
		MigrationTaskName:    aws.String("web-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestMigrationHubHasWhatWasReported(t *testing.T) {
	client := newHub(t)
	if err := ReportProgress(t.Context(), client, "web-01", 40); err != nil {
		t.Fatal(err)
	}
	var tasks []task
	admin(t, "GET", "tasks", nil, &tasks)
	if len(tasks) != 1 || tasks[0].Status != "IN_PROGRESS" || tasks[0].ProgressPercent != 40 {
		t.Fatalf("%+v", tasks)
	}
}

func TestACallThatMigrationHubThrottlesIsMadeAgain(t *testing.T) {
	client := newHub(t)
	admin(t, "POST", "faults", []any{map[string]any{
		"match":  map[string]any{"operation": "NotifyMigrationTaskState"},
		"times":  1,
		"action": map[string]any{"type": "throttle"},
	}}, nil)
	if err := ReportProgress(t.Context(), client, "web-01", 50); err != nil {
		t.Fatal(err)
	}
	var calls []struct{ HTTPStatus int }
	admin(t, "GET", "requests?operation=NotifyMigrationTaskState", nil, &calls)
	if len(calls) != 2 || calls[0].HTTPStatus != 400 || calls[1].HTTPStatus != 200 {
		t.Fatalf("%+v", calls)
	}
}

func TestAServerThatReportsNothingForTwoHoursIsStaleAfterTheFirst(t *testing.T) {
	client := newHub(t)
	if err := ReportProgress(t.Context(), client, "web-01", 60); err != nil {
		t.Fatal(err)
	}
	admin(t, "POST", "clock", map[string]any{"advance": 7200}, nil)
	var tasks []task
	admin(t, "GET", "tasks", nil, &tasks)
	if len(tasks) != 1 || !tasks[0].Stale || tasks[0].StaleSeconds <= 3590 {
		t.Fatalf("%+v", tasks)
	}
}

func TestAServerThatWasNotImportedIsRefused(t *testing.T) {
	client := newHub(t)
	var refused smithy.APIError
	err := ReportProgress(t.Context(), client, "web-02", 10)
	if !errors.As(err, &refused) || refused.ErrorCode() != "ResourceNotFoundException" {
		t.Fatal(err)
	}
}
