package main

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// taskReport is the input of the activity reportTaskState. What is left out must not be sent as "" or 0: hence omitempty,
// and a pointer where 0 says something.
type taskReport struct {
	ProgressUpdateStream string            `json:"progressUpdateStream"`
	MigrationTaskName    string            `json:"migrationTaskName"`
	Status               string            `json:"status"`
	StatusDetail         string            `json:"statusDetail,omitempty"`
	ProgressPercent      *int              `json:"progressPercent,omitempty"`
	NextUpdateSeconds    int               `json:"nextUpdateSeconds,omitempty"`
	Labels               map[string]string `json:"labels,omitempty"`
}

// reportKey is what reportTaskState answers: by it awaitDelivery asks whether Migration Hub has the report.
type reportKey struct {
	OwnerID  string `json:"ownerId"`
	Sequence int64  `json:"sequence"`
}

// migrationTask reports of one task of Migration Hub.
type migrationTask struct {
	stream, name string
	labels       map[string]string
}

// report says how far the migration is. A report that does not arrive does not stop the migration: the next one is newer.
func (t migrationTask) report(ctx workflow.Context, status string, percent int, detail string) {
	if _, err := t.send(ctx, time.Minute, t.state(status, &percent, detail)); err != nil {
		workflow.GetLogger(ctx).Warn("a report was not accepted", "task", t.name, "error", err)
	}
}

// reportEnd reports COMPLETED, or FAILED with the reason, and waits until Migration Hub has it.
func (t migrationTask) reportEnd(ctx workflow.Context, failure error) {
	// A cancelled migration has to report, too.
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	hundred := 100
	end := t.state("COMPLETED", &hundred, "")
	if failure != nil {
		end = t.state("FAILED", nil, reasonOf(failure))
	}
	key, err := t.send(ctx, time.Hour, end)
	if err == nil {
		err = t.awaitDelivery(ctx, key)
	}
	if err != nil {
		workflow.GetLogger(ctx).Error("Migration Hub does not have the end", "task", t.name, "error", err)
	}
}

// reasonOf leaves out which activity failed, where that says itself why.
func reasonOf(failure error) string {
	if own := (*temporal.ApplicationError)(nil); errors.As(failure, &own) {
		return own.Message()
	}
	return failure.Error()
}

func (t migrationTask) state(status string, percent *int, detail string) taskReport {
	return taskReport{
		ProgressUpdateStream: t.stream,
		MigrationTaskName:    t.name,
		Status:               status,
		StatusDetail:         detail,
		ProgressPercent:      percent,
		NextUpdateSeconds:    3600,
		Labels:               t.labels,
	}
}

func (t migrationTask) send(ctx workflow.Context, within time.Duration, report taskReport) (key reportKey, err error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              "migration-hub",
		StartToCloseTimeout:    10 * time.Second,
		ScheduleToCloseTimeout: within,
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: 10 * time.Second},
	})
	err = workflow.ExecuteActivity(ctx, "reportTaskState", report).Get(ctx, &key)
	return key, err
}

// awaitDelivery fails, and is tried again, until Migration Hub has the report.
func (t migrationTask) awaitDelivery(ctx workflow.Context, key reportKey) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              "migration-hub",
		StartToCloseTimeout:    10 * time.Second,
		ScheduleToCloseTimeout: 5 * time.Minute,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 1.5, MaximumInterval: 30 * time.Second,
		},
	})
	task := map[string]string{"progressUpdateStream": t.stream, "migrationTaskName": t.name}
	return workflow.ExecuteActivity(ctx, "awaitDelivery", task, key.OwnerID, key.Sequence).Get(ctx, nil)
}
