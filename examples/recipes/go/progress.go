package recipe

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/migrationhub"
	"github.com/aws/aws-sdk-go-v2/service/migrationhub/types"
)

// ReportProgress is the code under test: it tells Migration Hub how far a server is.
func ReportProgress(ctx context.Context, client *migrationhub.Client, server string, percent int32) error {
	status := types.StatusInProgress
	if percent == 100 {
		status = types.StatusCompleted
	}
	_, err := client.NotifyMigrationTaskState(ctx, &migrationhub.NotifyMigrationTaskStateInput{
		ProgressUpdateStream: aws.String("DatacenterExit"),
		MigrationTaskName:    aws.String(server),
		Task:                 &types.Task{Status: status, ProgressPercent: aws.Int32(percent)},
		UpdateDateTime:       aws.Time(time.Now()),
		NextUpdateSeconds:    3600,
	})
	return err
}
