// A migration in Go whose states reach AWS Migration Hub: a worker, and a starter that waits for four migrations.
//
// TEMPORAL_ADDRESS (localhost:7233 by default) and TEMPORAL_NAMESPACE say which server; the first argument is the name of the
// ProgressUpdateStream. `npm run example:go` starts everything that it needs, and cancels app-01 and nas-01 while they report.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
)

const taskQueue = "migrations-go"

func main() {
	stream := "DatacenterExit"
	if len(os.Args) > 1 {
		stream = os.Args[1]
	}
	if err := run(context.Background(), stream); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, stream string) error {
	warnings := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	c, err := client.Dial(client.Options{
		Logger:    sdklog.NewStructuredLogger(warnings),
		HostPort:  cmp.Or(os.Getenv("TEMPORAL_ADDRESS"), client.DefaultHostPort),
		Namespace: cmp.Or(os.Getenv("TEMPORAL_NAMESPACE"), client.DefaultNamespace),
	})
	if err != nil {
		return err
	}
	defer c.Close()

	w := worker.New(c, taskQueue, worker.Options{})
	w.RegisterWorkflow(MigrateServer)
	w.RegisterActivity(DoStep)
	if err := w.Start(); err != nil {
		return err
	}
	defer w.Stop()

	steps := []string{"Replicating", "Testing", "Cutover"}
	servers := []Server{
		{Stream: stream, Name: "web-01", Wave: "wave-1", Steps: steps},
		{Stream: stream, Name: "db-01", Wave: "wave-1", Steps: steps, FailsAt: "Cutover"},
		{Stream: stream, Name: "app-01", Wave: "wave-1", Steps: steps},
		// There is nothing to do but to report the end.
		{Stream: stream, Name: "nas-01", Wave: "wave-1"},
	}
	var runs []client.WorkflowRun
	for _, server := range servers {
		options := client.StartWorkflowOptions{ID: "migrate-" + stream + "-" + server.Name, TaskQueue: taskQueue}
		r, err := c.ExecuteWorkflow(ctx, options, MigrateServer, server)
		if err != nil {
			return err
		}
		runs = append(runs, r)
	}
	for i, server := range servers {
		// An error is how db-01 is meant to end, and app-01 if it is cancelled.
		fmt.Printf("%s: the workflow ended with: %v\n", server.Name, runs[i].Get(ctx, nil))
		state, err := LastReportedState(ctx, c, stream, server.Name)
		if err != nil {
			return err
		}
		fmt.Printf("%s: lastReportedState: %s %d %%, %s\n",
			server.Name, state.LastDelivered.Status, state.LastDelivered.ProgressPercent, state.Freshness)
	}
	return nil
}

// What a caller needs of the answer of the query lastReportedState.
type taskStateView struct {
	LastDelivered struct {
		Status          string `json:"status"`
		ProgressPercent int    `json:"progressPercent"`
	} `json:"lastDelivered"`
	Freshness string `json:"freshness"`
}

// LastReportedState asks the heartbeat workflow of a task what Migration Hub was last told, judged now.
func LastReportedState(ctx context.Context, c client.Client, stream, task string) (taskStateView, error) {
	var view taskStateView
	for tries := 1; ; tries++ {
		value, err := c.QueryWorkflow(ctx, "mgh:"+stream+":"+task, "", "lastReportedState", task, time.Now().Unix())
		if err == nil {
			return view, value.Get(&view)
		}
		// The workflow is between two steps: ask again.
		if !strings.Contains(err.Error(), "BetweenSteps") || tries == 25 {
			return view, err
		}
		time.Sleep(200 * time.Millisecond)
	}
}
