//go:build cgo && !nohighs

package highs

import (
	"bufio"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

func TestEveryStatusOfTheInterfaceIsInTheTable(t *testing.T) {
	names := statusNames()
	if len(names) != len(statusOf) {
		t.Errorf("%d statuses, %d entries in the table", len(names), len(statusOf))
	}
	for code, name := range names {
		if code >= len(statusOf) || statusOf[code].native != name || statusOf[code].message == "" {
			t.Errorf("%s (%d) is not in the table, or under another number", name, code)
		}
	}
	if s, message := fromNative(len(statusOf)); s != Unknown || message == "" {
		t.Errorf("a status of a newer library is %v", s)
	}
	if len(statusText) != int(Failed)+1 || Failed.String() != "failed" || Status(99).String() != "Status(99)" {
		t.Error("the names of the statuses are not complete")
	}
}

// The header is where new statuses would appear first.
func TestTheHeaderHasNoOtherStatus(t *testing.T) {
	for _, path := range []string{"/usr/include/highs/interfaces/highs_c_api.h", "/usr/local/include/highs/interfaces/highs_c_api.h"} {
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		defer f.Close()
		constant := regexp.MustCompile(`^const HighsInt kHighsModelStatus(\w+) = (\d+);`)
		found := 0
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if m := constant.FindStringSubmatch(lines.Text()); m != nil {
				found++
				code, _ := strconv.Atoi(m[2])
				if code >= len(statusOf) || statusOf[code].native != m[1] {
					t.Errorf("%s = %d is not in the table", m[1], code)
				}
			}
		}
		if found != len(statusOf) {
			t.Errorf("the header has %d statuses, the table %d", found, len(statusOf))
		}
		return
	}
	t.Skip("the header of HiGHS is in none of the usual places")
}

func TestCallbackNumbersAreThoseOfTheInterface(t *testing.T) {
	if want := []int{0, 1, 2, 4, 5, 6}; !slices.Equal(callbackTypes(), want) {
		t.Errorf("callback types are %v, control.c has %v", callbackTypes(), want)
	}
}
