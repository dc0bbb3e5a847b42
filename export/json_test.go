package export_test

import (
	"bytes"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
)

func TestGoldenJSON(t *testing.T) {
	for _, c := range []struct {
		m    *model.Model
		name string
	}{{twoRoads(), "roads.json"}, {general(), "general.json"}, {curved(), "curved.json"}, {paired(), "paired.json"}} {
		var b bytes.Buffer
		if err := export.WriteJSON(&b, c.m); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		check(t, c.name, b.Bytes())
	}
}
