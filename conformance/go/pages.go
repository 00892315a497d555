package main

import (
	"context"
	"fmt"
	"reflect"

	mgh "github.com/aws/aws-sdk-go-v2/service/migrationhub"
)

type paginate struct {
	List string `json:"list"`
	Key  string `json:"key"`
}

// paginator makes the client's own paginator; its type cannot be found by name at run time.
func paginator(client *mgh.Client, input any) (any, error) {
	switch typed := input.(type) {
	case *mgh.ListApplicationStatesInput:
		return mgh.NewListApplicationStatesPaginator(client, typed), nil
	case *mgh.ListCreatedArtifactsInput:
		return mgh.NewListCreatedArtifactsPaginator(client, typed), nil
	case *mgh.ListDiscoveredResourcesInput:
		return mgh.NewListDiscoveredResourcesPaginator(client, typed), nil
	case *mgh.ListMigrationTasksInput:
		return mgh.NewListMigrationTasksPaginator(client, typed), nil
	case *mgh.ListMigrationTaskUpdatesInput:
		return mgh.NewListMigrationTaskUpdatesPaginator(client, typed), nil
	case *mgh.ListProgressUpdateStreamsInput:
		return mgh.NewListProgressUpdateStreamsPaginator(client, typed), nil
	case *mgh.ListSourceResourcesInput:
		return mgh.NewListSourceResourcesPaginator(client, typed), nil
	default:
		return nil, fmt.Errorf("no paginator for %T", input)
	}
}

// countPages goes through all pages and counts what they hold.
func countPages(client *mgh.Client, operation string, input any, p paginate) (any, error) {
	pages, err := paginator(client, input)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	hasMore := reflect.ValueOf(pages).MethodByName("HasMorePages")
	next := reflect.ValueOf(pages).MethodByName("NextPage")
	items, distinct := 0, map[any]bool{}
	for hasMore.Call(nil)[0].Bool() {
		answers := next.Call([]reflect.Value{reflect.ValueOf(context.Background())})
		if err, failed := answers[1].Interface().(error); failed {
			return nil, err
		}
		page := plain(answers[0]).(map[string]any)
		for _, item := range page[p.List].([]any) {
			items++
			distinct[item.(map[string]any)[p.Key]] = true
		}
	}
	return map[string]any{"items": items, "distinct": len(distinct)}, nil
}
