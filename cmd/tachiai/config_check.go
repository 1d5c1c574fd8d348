package main

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// check judges the settings one by one and together.
func (c *Config) check(faults *faultList) {
	checkAddress(faults, "LISTEN", c.Listen)
	if c.MetricsListen != "" {
		checkAddress(faults, "METRICS_LISTEN", c.MetricsListen)
		if c.MetricsListen == c.Listen && !strings.HasSuffix(c.Listen, ":0") {
			faults.add("METRICS_LISTEN", "is the same as LISTEN; leave it empty to serve both there")
		}
	}
	c.checkPublicURL(faults)
	c.checkTLS(faults)
	checkDatabase(faults, "DATABASE_URL", c.DatabaseURL)
	if c.MigrateURL != c.DatabaseURL {
		checkDatabase(faults, "MIGRATE_DATABASE_URL", c.MigrateURL)
	}
	c.checkStore(faults)
	if name := c.AgencyName; len(name) > 200 || strings.ContainsFunc(name, unicode.IsControl) {
		faults.add("AGENCY_NAME", "must be one line of at most 200 bytes")
	}
	if contact := c.AgencyContact; len(contact) > 400 || strings.ContainsFunc(contact, unicode.IsControl) {
		faults.add("AGENCY_CONTACT", "must be one line of at most 400 bytes")
	}
	if c.LogFormat != "json" && c.LogFormat != "text" {
		faults.add("LOG_FORMAT", "%q is neither json nor text", c.LogFormat)
	}
	checkRange(faults, "CHECKPOINT_INTERVAL", c.Checkpoint, 100*time.Millisecond, time.Hour)
	checkRange(faults, "SHUTDOWN_TIMEOUT", c.Shutdown, time.Second, 10*time.Minute)
}

func checkRange(faults *faultList, name string, d, low, high time.Duration) {
	if !faults.has(name) && (d < low || d > high) {
		faults.add(name, "%v is not between %v and %v", d, low, high)
	}
}

// checkAddress wants host:port; an empty host is every interface, port 0 any free one.
func checkAddress(faults *faultList, name, address string) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		faults.add(name, "%q is not host:port", address)
		return
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		faults.add(name, "%q has no port from 0 to 65535", address)
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" && !isHostName(host) {
		faults.add(name, "%q has no valid host", address)
	}
}

// checkPublicURL wants an origin and brings it into the one form that device
// proofs are compared with: lower case, no default port, no slash at the end.
func (c *Config) checkPublicURL(faults *faultList) {
	if c.PublicURL == "" {
		return
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" {
		faults.add("PUBLIC_URL", "must be http(s)://host[:port] and nothing more")
		return
	}
	host := strings.ToLower(u.Host)
	if (u.Scheme == "https" && u.Port() == "443") || (u.Scheme == "http" && u.Port() == "80") {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	c.PublicURL = u.Scheme + "://" + strings.TrimSuffix(host, ":")
}

// checkTLS wants at most one way to a certificate, and a public name for it.
func (c *Config) checkTLS(faults *faultList) {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		faults.add("TLS_CERT", "TLS_CERT and TLS_KEY belong together")
	}
	if c.TLSCert != "" && c.ACMEDomain != "" {
		faults.add("ACME_DOMAIN", "choose TLS_CERT or ACME_DOMAIN")
	}
	if c.ACMEDomain != "" && (!isHostName(c.ACMEDomain) || !strings.Contains(c.ACMEDomain, ".")) {
		faults.add("ACME_DOMAIN", "%q is not a public host name", c.ACMEDomain)
	}
	if c.ACMEEmail != "" && c.ACMEDomain == "" {
		faults.add("ACME_EMAIL", "needs ACME_DOMAIN")
	}
	if c.ACMEEmail != "" && strings.Count(strings.Trim(c.ACMEEmail, "@"), "@") != 1 {
		faults.add("ACME_EMAIL", "%q is not an e-mail address", c.ACMEEmail)
	}
	if c.TLSCert == "" && c.ACMEDomain == "" {
		return
	}
	if c.PublicURL == "" {
		faults.add("PUBLIC_URL", "must name the host that the certificate is for")
	} else if strings.HasPrefix(c.PublicURL, "http://") {
		faults.add("PUBLIC_URL", "is http, but the server has a certificate")
	}
}

// checkDatabase wants a URL. Nothing of a faulty one is shown: the password
// may stand anywhere in it.
func checkDatabase(faults *faultList, name string, value Secret) {
	if value == "" {
		return
	}
	u, err := url.Parse(string(value))
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		faults.add(name, "is not a URL of the form postgres://user:password@host/database")
	}
}

// checkStore wants all of the S3 settings or none.
func (c *Config) checkStore(faults *faultList) {
	var have, lack []string
	for _, s := range []struct{ name, value string }{
		{"S3_ENDPOINT", c.S3Endpoint}, {"S3_BUCKET", c.S3Bucket}, {"S3_ACCESS_KEY", c.S3AccessKey},
		{"S3_SECRET_KEY", string(c.S3SecretKey)}, {"S3_REGION", c.S3Region},
	} {
		if s.value == "" {
			lack = append(lack, s.name)
		} else {
			have = append(have, s.name)
		}
	}
	if len(have) > 0 && len(lack) > 0 {
		faults.add(strings.Join(lack, ", "), "missing, because %s is set: all five or none", have[0])
	}
	if c.S3Endpoint == "" {
		return
	}
	u, err := url.Parse(c.S3Endpoint)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		faults.add("S3_ENDPOINT", "must be http(s)://host[:port] and nothing more")
		return
	}
	c.S3Endpoint = u.Scheme + "://" + u.Host
}

// isHostName reports whether s looks like a DNS name (RFC 1123 §2.1).
func isHostName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if r > unicode.MaxASCII || (!unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_') {
				return false
			}
		}
	}
	return true
}
