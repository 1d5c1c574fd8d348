// Package failpoint names the places where a crash is worth a test: between two steps that no transaction holds together. A program that is
// built with the tag "failpoints" dies there when its environment says so; the product is built without it, and Here is then an empty function
// that costs nothing.
//
//	FAILPOINT=name     dies the first time that it comes to Here(name)
//	FAILPOINT=name:3   dies the third time
//
// It dies by SIGKILL: nothing is flushed, closed or told to anybody, as when the power goes.
package failpoint
