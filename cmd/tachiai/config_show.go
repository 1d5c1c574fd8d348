package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"strings"
)

// Secret is a setting that is never shown: it prints, logs and marshals as
// "(set)". A database URL shows its host and database, nothing else.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	if u, err := url.Parse(string(s)); err == nil && u.Host != "" && strings.HasPrefix(u.Scheme, "postgres") {
		return u.Scheme + "://" + u.Host + u.Path
	}
	return "(set)"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil } //nolint:unparam // encoding.TextMarshaler

// String lists the settings as NAME=value, secrets hidden, unset ones left out.
func (c Config) String() string {
	var parts []string
	for _, a := range c.attrs() {
		parts = append(parts, a.Key+"="+a.Value.String())
	}
	return strings.Join(parts, " ")
}

// GoString is String, for %#v.
func (c Config) GoString() string { return c.String() }

// LogValue groups the settings by name, secrets hidden, unset ones left out.
func (c Config) LogValue() slog.Value { return slog.GroupValue(c.attrs()...) }

func (c Config) attrs() []slog.Attr {
	var all []slog.Attr
	values := reflect.ValueOf(c)
	for i, s := range settings() {
		if field := values.Field(i); !field.IsZero() || s.fallback != "" {
			if text := fmt.Sprint(field.Interface()); text != "" {
				all = append(all, slog.String(s.name, text))
			}
		}
	}
	return all
}

// configHelp is the table of settings: "tachiai help config" prints it and the
// README holds it.
func configHelp() string {
	var b strings.Builder
	for _, s := range settings() {
		name := s.name
		if s.fallback != "" {
			name += " = " + s.fallback
		}
		fmt.Fprintf(&b, "%s\n    %s\n", name, s.doc)
	}
	return b.String()
}
