package server

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"
)

// pageCSP is the policy of the pages that this package writes: they hold their own style and load nothing.
const pageCSP = "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// apiCSP is the policy of everything else: an answer that is opened as a page does nothing.
const apiCSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

// guarding sets the headers that keep an answer from being framed, sniffed, cached or used by another site. secure adds HSTS.
func guarding(secure bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set(echo.HeaderContentSecurityPolicy, apiCSP)
			h.Set(echo.HeaderXContentTypeOptions, "nosniff")
			h.Set(echo.HeaderXFrameOptions, "DENY")
			h.Set(echo.HeaderReferrerPolicy, "no-referrer")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()")
			h.Set("X-Robots-Tag", "noindex")
			h.Set(echo.HeaderCacheControl, "no-store")
			if secure {
				h.Set(echo.HeaderStrictTransportSecurity, "max-age=31536000")
			}
			return next(c)
		}
	}
}

// addresses says which address a request comes from: the peer's, or, when the peer is one of trusted, the last address in X-Forwarded-For
// that is none of them. Without trusted proxies the header is never read. Addresses are there to bound how often somebody tries, and whoever has
// one of IPv6 has 2^64 of them: all of those are one.
func addresses(trusted []netip.Prefix) echo.IPExtractor {
	from := asSent(trusted)
	return func(r *http.Request) string { return network(from(r)) }
}

// network is the /64 of an IPv6 address; an IPv4 address, however it is written, stands for itself.
func network(text string) string {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	if address = address.Unmap().WithZone(""); address.Is4() {
		return address.String()
	}
	prefix, err := address.Prefix(64)
	if err != nil {
		return text
	}
	return prefix.Addr().String()
}

func asSent(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, prefix := range trusted {
		bits := prefix.Addr().BitLen()
		options = append(options, echo.TrustIPRange(&net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), bits)}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
