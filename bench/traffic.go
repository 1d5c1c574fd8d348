package main

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
)

// traffic counts the bytes on the wire of all phones of a site, headers included.
type traffic struct{ up, down atomic.Int64 }

// client is the HTTP client of one phone: connections of its own, kept alive, counted.
func (t *traffic) client(connections int) *http.Client {
	var dialer net.Dialer
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			return countedConn{conn, t}, err
		},
		MaxIdleConnsPerHost: connections, DisableCompression: true, WriteBufferSize: 64 << 10, ReadBufferSize: 64 << 10,
	}}
}

type countedConn struct {
	net.Conn
	traffic *traffic
}

func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.traffic.down.Add(int64(n))
	return n, err
}

func (c countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.traffic.up.Add(int64(n))
	return n, err
}
