package jsonfile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gobilevel/bilevel/model/jsonfile"
)

// validator checks documents against a JSON Schema, as far as the schema of models goes: a keyword that it does not know fails the test.
type validator struct {
	root map[string]any
}

var parsed = sync.OnceValue(func() map[string]any {
	var root map[string]any
	if err := json.Unmarshal([]byte(jsonfile.Schema), &root); err != nil {
		panic(err)
	}
	return root
})

func schema(t *testing.T) *validator {
	t.Helper()
	return &validator{parsed()}
}

func decode(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&v); err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	return v
}

func (v *validator) check(doc any) error { return v.value(v.root, doc, "") }

func (v *validator) value(s map[string]any, doc any, at string) error {
	for key := range s {
		if !slices.Contains(strings.Fields("$schema $defs $ref title description type properties required additionalProperties items prefixItems minItems maxItems minProperties minimum enum const oneOf anyOf"), key) {
			return fmt.Errorf("the schema has the keyword %s", key)
		}
	}
	if ref, ok := s["$ref"].(string); ok {
		def, ok := v.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		if !ok {
			return fmt.Errorf("the schema has no %s", ref)
		}
		if err := v.value(def, doc, at); err != nil {
			return err
		}
	}
	if t, ok := s["type"].(string); ok && !isType(t, doc) {
		return fmt.Errorf("%s: %v is not of type %s", at, doc, t)
	}
	if c, ok := s["const"]; ok && !reflect.DeepEqual(c, doc) {
		return fmt.Errorf("%s: %v is not %v", at, doc, c)
	}
	if list, ok := s["enum"].([]any); ok && !slices.ContainsFunc(list, func(c any) bool { return reflect.DeepEqual(c, doc) }) {
		return fmt.Errorf("%s: %v is none of %v", at, doc, list)
	}
	if low, ok := s["minimum"].(float64); ok && doc.(float64) < low {
		return fmt.Errorf("%s: %v is below %v", at, doc, low)
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		list, ok := s[key].([]any)
		n := 0
		for _, sub := range list {
			if v.value(sub.(map[string]any), doc, at) == nil {
				n++
			}
		}
		if ok && (n == 0 || key == "oneOf" && n > 1) {
			return fmt.Errorf("%s: %v fits %d of %s", at, doc, n, key)
		}
	}
	switch doc := doc.(type) {
	case map[string]any:
		return v.object(s, doc, at)
	case []any:
		return v.list(s, doc, at)
	}
	return nil
}

func (v *validator) object(s, doc map[string]any, at string) error {
	if n, ok := s["minProperties"].(float64); ok && len(doc) < int(n) {
		return fmt.Errorf("%s: %d members", at, len(doc))
	}
	required, _ := s["required"].([]any)
	for _, key := range required {
		if _, ok := doc[key.(string)]; !ok {
			return fmt.Errorf("%s: %v is missing", at, key)
		}
	}
	properties, ok := s["properties"].(map[string]any)
	for key, member := range doc {
		sub, known := properties[key].(map[string]any)
		if !known {
			if ok {
				return fmt.Errorf("%s: unknown member %s", at, key)
			}
			continue
		}
		if err := v.value(sub, member, at+"."+key); err != nil {
			return err
		}
	}
	return nil
}

func (v *validator) list(s map[string]any, doc []any, at string) error {
	if n, ok := s["minItems"].(float64); ok && len(doc) < int(n) {
		return fmt.Errorf("%s: %d entries", at, len(doc))
	}
	if n, ok := s["maxItems"].(float64); ok && len(doc) > int(n) {
		return fmt.Errorf("%s: %d entries", at, len(doc))
	}
	prefix, _ := s["prefixItems"].([]any)
	items, _ := s["items"].(map[string]any)
	for k, d := range doc {
		sub := items
		if k < len(prefix) {
			sub = prefix[k].(map[string]any)
		}
		if err := v.value(sub, d, fmt.Sprintf("%s[%d]", at, k)); err != nil {
			return err
		}
	}
	return nil
}

func isType(t string, doc any) bool {
	switch doc := doc.(type) {
	case map[string]any:
		return t == "object"
	case []any:
		return t == "array"
	case string:
		return t == "string"
	case bool:
		return t == "boolean"
	case float64:
		return t == "number" || t == "integer" && doc == math.Trunc(doc)
	}
	return false
}
