package main

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// inexpressible says that the types of this client have no value for what a row asks for.
type inexpressible struct{ reason string }

func (e inexpressible) Error() string { return e.reason }

func cannot(format string, values ...any) error { return inexpressible{fmt.Sprintf(format, values...)} }

var timeType = reflect.TypeOf(time.Time{})

func seconds(number json.Number) time.Time {
	value, _ := number.Float64()
	return time.UnixMicro(int64(math.Round(value * 1e6))).UTC()
}

// fill sets a typed input from the JSON of a row.
func fill(target reflect.Value, value any) error {
	switch {
	case target.Kind() == reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		return fill(target.Elem(), value)
	case target.Type() == timeType:
		number, ok := value.(json.Number)
		if !ok {
			return cannot("a time is a time.Time")
		}
		target.Set(reflect.ValueOf(seconds(number)))
		return nil
	}
	switch target.Kind() {
	case reflect.Struct:
		return fillStruct(target, value)
	case reflect.Slice:
		return fillSlice(target, value)
	case reflect.String:
		text, ok := value.(string)
		if !ok {
			return cannot("a string is a string")
		}
		target.SetString(text)
	case reflect.Bool:
		flag, ok := value.(bool)
		if !ok {
			return cannot("a flag is a bool")
		}
		target.SetBool(flag)
	case reflect.Int32:
		number, _ := value.(json.Number)
		integer, err := strconv.ParseInt(number.String(), 10, 32)
		if err != nil {
			return cannot("a number is an int32")
		}
		target.SetInt(integer)
	default:
		return cannot("a %s is not foreseen", target.Type())
	}
	return nil
}

func fillStruct(target reflect.Value, value any) error {
	members, ok := value.(map[string]any)
	if !ok {
		return cannot("a structure is a struct")
	}
	for name, member := range members {
		field := target.FieldByName(name)
		if !field.IsValid() {
			return cannot("there is no member %s", name)
		}
		if err := fill(field, member); err != nil {
			return err
		}
	}
	for i := range target.NumField() {
		field := target.Type().Field(i)
		if _, given := members[field.Name]; !given && field.Type.Kind() == reflect.Int32 {
			return cannot("%s is a plain int32, which is always sent", field.Name)
		}
	}
	return nil
}

func fillSlice(target reflect.Value, value any) error {
	items, ok := value.([]any)
	if !ok {
		return cannot("a list is a slice")
	}
	target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
	for i, item := range items {
		if err := fill(target.Index(i), item); err != nil {
			return err
		}
	}
	return nil
}

// plain turns a typed output into JSON values: times as epoch seconds, nothing for what is nil.
func plain(value reflect.Value) any {
	switch {
	case value.Kind() == reflect.Pointer && value.IsNil():
		return nil
	case value.Kind() == reflect.Pointer:
		return plain(value.Elem())
	case value.Type() == timeType:
		return float64(value.Interface().(time.Time).UnixMicro()) / 1e6
	}
	switch value.Kind() {
	case reflect.Struct:
		members := map[string]any{}
		for i := range value.NumField() {
			field := value.Type().Field(i)
			if !field.IsExported() || field.Name == "ResultMetadata" {
				continue
			}
			if member := plain(value.Field(i)); member != nil && !emptyEnum(value.Field(i)) {
				members[field.Name] = member
			}
		}
		return members
	case reflect.Slice:
		if value.IsNil() {
			return nil
		}
		items := make([]any, value.Len())
		for i := range items {
			items[i] = plain(value.Index(i))
		}
		return items
	case reflect.String:
		return value.String()
	default:
		return value.Interface()
	}
}

// emptyEnum is how this client shows an enum that is absent: these are strings, not pointers to strings.
func emptyEnum(value reflect.Value) bool { return value.Kind() == reflect.String && value.Len() == 0 }

func pick(output any, path string) any {
	for _, key := range strings.Split(path, ".") {
		if items, ok := output.([]any); ok {
			index, _ := strconv.Atoi(key)
			output = items[index]
			continue
		}
		output = output.(map[string]any)[key]
	}
	return output
}
