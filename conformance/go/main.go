// Runs the rows with the AWS SDK for Go v2. See ../README.md for rows and results.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/migrationhub"
	"github.com/aws/smithy-go"
)

type step struct {
	Admin     string            `json:"admin"`
	Body      json.RawMessage   `json:"body"`
	Service   string            `json:"service"`
	Operation string            `json:"operation"`
	Input     map[string]any    `json:"input"`
	Region    string            `json:"region"`
	Capture   map[string]string `json:"capture"`
	MayFail   bool              `json:"mayFail"`
	Paginate  *paginate         `json:"paginate"`
}

type row struct {
	ID    string            `json:"id"`
	Setup []json.RawMessage `json:"setup"`
	Call  json.RawMessage   `json:"call"`
}

type result struct {
	ID         string `json:"id"`
	Verdict    string `json:"verdict"`
	Code       string `json:"code,omitempty"`
	HTTPStatus int    `json:"httpStatus,omitempty"`
	Output     any    `json:"output,omitempty"`
	Reason     string `json:"reason,omitempty"`
}

var endpoint = os.Getenv("MGH_ENDPOINT")

func clientOf(region string) *migrationhub.Client {
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
	})
	return migrationhub.New(migrationhub.Options{
		Region:           region,
		BaseEndpoint:     aws.String(endpoint),
		Credentials:      credentials,
		RetryMaxAttempts: 1,
	})
}

// send makes one call by the method that the client has for the operation.
func send(s step) (any, error) {
	if s.Service != "AWSMigrationHub" {
		return nil, inexpressible{"this client is for Migration Hub alone, not for its configuration"}
	}
	client := clientOf(s.Region)
	method := reflect.ValueOf(client).MethodByName(s.Operation)
	input := reflect.New(method.Type().In(1).Elem())
	if err := fill(input.Elem(), s.Input); err != nil {
		return nil, err
	}
	if s.Paginate != nil {
		return countPages(client, s.Operation, input.Interface(), *s.Paginate)
	}
	answers := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
	if err, failed := answers[1].Interface().(error); failed {
		return nil, err
	}
	return plain(answers[0]), nil
}

func call(s step) result {
	output, err := send(s)
	if err == nil {
		return result{Verdict: "ok", Output: output}
	}
	var mute inexpressible
	if errors.As(err, &mute) {
		return result{Verdict: "not-expressible", Reason: mute.reason}
	}
	var refused smithy.InvalidParamsError
	if errors.As(err, &refused) {
		return result{Verdict: "refused-by-client", Reason: strings.Join(strings.Fields(refused.Error()), " ")}
	}
	var answered *awshttp.ResponseError
	if !errors.As(err, &answered) {
		log.Fatalf("%s: neither an answer nor a refusal: %v", s.Operation, err)
	}
	code := "no name"
	var named smithy.APIError
	if errors.As(err, &named) {
		code = named.ErrorCode()
	}
	return result{Verdict: "error", Code: code, HTTPStatus: answered.HTTPStatusCode(), Reason: err.Error()}
}

func admin(path string, body []byte) {
	response, err := http.Post(endpoint+path, "application/json", bytes.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		log.Fatalf("%s answered %s", path, response.Status)
	}
}

// read takes numbers as they are written, so that none loses digits.
func read(raw json.RawMessage, captured map[string]string) step {
	text := string(raw)
	for name, value := range captured {
		text = strings.ReplaceAll(text, "<<"+name+">>", value)
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var s step
	if err := decoder.Decode(&s); err != nil {
		log.Fatal(err)
	}
	return s
}

func run(r row) result {
	captured := map[string]string{}
	admin("/_mgh/reset", []byte("{}"))
	for _, raw := range r.Setup {
		s := read(raw, captured)
		if s.Admin != "" {
			admin(s.Admin, s.Body)
			continue
		}
		outcome := call(s)
		if outcome.Verdict == "not-expressible" {
			return outcome
		}
		if outcome.Verdict != "ok" && !s.MayFail {
			outcome.Verdict, outcome.Reason = "setup-failed", s.Operation+": "+outcome.Reason
			return outcome
		}
		for name, path := range s.Capture {
			captured[name] = fmt.Sprint(pick(outcome.Output, path))
		}
	}
	return call(read(r.Call, captured))
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var rows []row
	if err := json.Unmarshal(text, &rows); err != nil {
		log.Fatal(err)
	}
	encoder := json.NewEncoder(os.Stdout)
	for _, each := range rows {
		outcome := run(each)
		outcome.ID = each.ID
		if err := encoder.Encode(outcome); err != nil {
			log.Fatal(err)
		}
	}
}
