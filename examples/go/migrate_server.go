package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// Server is what MigrateServer migrates.
type Server struct {
	Stream, Name, Wave string
	// FailsAt is the step at which this migration is to fail.
	FailsAt string
	Steps   []string
}

// MigrateServer migrates a server and reports its end, whatever that is. Continue-As-New is none.
func MigrateServer(ctx workflow.Context, server Server) error {
	task := migrationTask{stream: server.Stream, name: server.Name, labels: map[string]string{"wave": server.Wave}}
	err := migrate(ctx, task, server)
	// The next run goes on with the migration.
	if workflow.IsContinueAsNewError(err) {
		return err
	}
	// Not in a defer: that runs in a panic, too, and when the workflow leaves the worker's cache.
	task.reportEnd(ctx, err)
	return err
}

func migrate(ctx workflow.Context, task migrationTask, server Server) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Hour})
	for i, step := range server.Steps {
		task.report(ctx, "IN_PROGRESS", 10+30*i, step)
		if err := workflow.ExecuteActivity(ctx, DoStep, step, step == server.FailsAt).Get(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

// DoStep stands for the work.
func DoStep(_ context.Context, step string, fails bool) error {
	time.Sleep(2 * time.Second)
	if fails {
		return temporal.NewNonRetryableApplicationError(step+": the disk is full", "DiskFull", nil)
	}
	return nil
}
