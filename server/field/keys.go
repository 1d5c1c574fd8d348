package field

import (
	"context"
	"crypto/ecdsa"
	"sync"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
)

// keptKeys bounds what is remembered about keys; a full store starts again.
const keptKeys = 16384

// knownLife is how long the standing of a key is believed on routes that any key may use. All that hangs on it there is how often a revoked one
// may come; whose key it is never changes.
const knownLife = 5 * time.Second

// knownDevices remembers enrolled keys by their thumbprint, which fixes the key. Unknown ones are not kept.
type knownDevices struct {
	mu    sync.RWMutex
	known map[record.KeyID]knownDevice
}

type knownDevice struct {
	postgres.Device // without its texts
	at              time.Time
}

// device finds the key of a proof. Error: postgres.ErrNotFound.
func (a *API) device(ctx context.Context, kid record.KeyID, needs trust) (postgres.Device, error) {
	now := a.Now()
	if needs == always {
		a.devices.mu.RLock()
		d, ok := a.devices.known[kid]
		a.devices.mu.RUnlock()
		if age := now.Sub(d.at); ok && age >= 0 && age < knownLife {
			return d.Device, nil
		}
	}
	d, err := a.DB.Device(ctx, kid)
	if err == nil {
		a.devices.keep(d, now)
	}
	return d, err
}

func (k *knownDevices) keep(d postgres.Device, now time.Time) {
	d.JWK, d.Certificate, d.Label, d.MemberName = "", "", "", ""
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.known) >= keptKeys {
		clear(k.known)
	}
	k.known[d.KeyID] = knownDevice{d, now}
}

// publicKeys finds the keys that signed records, nil ones among them passed over. Keys that were never enrolled are absent.
func (a *API) publicKeys(ctx context.Context, records []*record.Record) (map[record.KeyID]*ecdsa.PublicKey, error) {
	public := map[record.KeyID]*ecdsa.PublicKey{}
	var unknown []record.KeyID
	a.devices.mu.RLock()
	for _, r := range records {
		if r == nil {
			continue
		}
		if _, done := public[r.KeyID]; done {
			continue
		}
		if public[r.KeyID] = a.devices.known[r.KeyID].Public; public[r.KeyID] == nil {
			unknown = append(unknown, r.KeyID)
		}
	}
	a.devices.mu.RUnlock()
	if len(unknown) == 0 {
		return public, nil
	}
	now := a.Now()
	devices, err := a.DB.Devices(ctx, unknown)
	if err != nil {
		return nil, err
	}
	for _, kid := range unknown {
		device, found := devices[kid]
		if !found {
			delete(public, kid)
			continue
		}
		public[kid] = device.Public
		a.devices.keep(device, now)
	}
	return public, nil
}

// statusEvery is how often the status of one phone is written down.
const statusEvery = 10 * time.Second

// notedDevices remembers when the status of a phone was last written down.
type notedDevices struct {
	mu   sync.Mutex
	last map[record.KeyID]notedStatus
}

type notedStatus struct {
	at   time.Time
	idle bool
}

// due says whether a status is worth writing: the last is old, or the phone has just become idle.
func (n *notedDevices) due(kid record.KeyID, idle bool, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	last, ok := n.last[kid]
	if ok && now.Sub(last.at) < statusEvery && (last.idle || !idle) {
		return false
	}
	if len(n.last) >= keptKeys {
		clear(n.last)
	}
	n.last[kid] = notedStatus{now, idle}
	return true
}
