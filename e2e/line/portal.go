package line

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
)

// Portals are what stands between a phone and the world in hotels and stations: none of it was said by our server.
var Portals = []string{
	"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 45\r\n\r\n<html><body>Wi-Fi: please log in</body></html",
	"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 511 Network Authentication Required\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDevice-Nonce: portal\r\nContent-Length: 14\r\n\r\n{\"results\":[]}",
	"HTTP/1.1 201 Created\r\nBlob-Receipt: a.b.c\r\nDevice-Nonce: portal\r\nContent-Length: 0\r\n\r\n",
}

// intercept answers in the server's place, one after the other of what portals say.
func (l *Line) intercept(phone net.Conn) {
	if l.Identity != nil {
		phone = tls.Server(phone, &tls.Config{Certificates: []tls.Certificate{*l.Identity}, MinVersion: tls.VersionTLS12})
	}
	defer phone.Close()
	requests := bufio.NewReader(phone)
	for {
		request, err := http.ReadRequest(requests)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil {
			return
		}
		l.mu.Lock()
		text := Portals[l.asked%len(Portals)]
		l.asked++
		l.mu.Unlock()
		if _, err := io.Copy(phone, strings.NewReader(text)); err != nil {
			return
		}
	}
}
