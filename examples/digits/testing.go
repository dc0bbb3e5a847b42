package digits

// tester is what Here asks of a test.
type tester interface {
	Helper()
	Skip(args ...any)
	Fatal(args ...any)
}

// Here is the set for a test, which is skipped where the archive is not on the machine.
func Here(t tester) *Set {
	t.Helper()
	name, err := Find()
	if err != nil {
		t.Skip(err)
		return nil
	}
	s, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
