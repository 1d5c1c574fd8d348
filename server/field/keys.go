package field

import (
	"context"
	"crypto/ecdsa"
	"sync"
	"time"

	"tachiai/sync/record"
)

// keptKeys bounds what is remembered about keys; a full store starts again.
const keptKeys = 16384

// deviceKeys remembers public keys by their thumbprint. A thumbprint fixes its key, so nothing in here grows old; unknown ones are not kept.
type deviceKeys struct {
	mu    sync.RWMutex
	known map[record.KeyID]*ecdsa.PublicKey
}

// publicKeys finds the keys that signed records, nil ones among them passed over. Keys that were never enrolled are absent.
func (a *API) publicKeys(ctx context.Context, records []*record.Record) (map[record.KeyID]*ecdsa.PublicKey, error) {
	known := map[record.KeyID]*ecdsa.PublicKey{}
	var unknown []record.KeyID
	a.keys.mu.RLock()
	for _, r := range records {
		if r == nil {
			continue
		}
		if _, done := known[r.KeyID]; done {
			continue
		}
		public := a.keys.known[r.KeyID]
		if known[r.KeyID] = public; public == nil {
			unknown = append(unknown, r.KeyID)
		}
	}
	a.keys.mu.RUnlock()
	if len(unknown) == 0 {
		return known, nil
	}
	devices, err := a.DB.Devices(ctx, unknown)
	if err != nil {
		return nil, err
	}
	a.keys.mu.Lock()
	defer a.keys.mu.Unlock()
	for _, kid := range unknown {
		device, found := devices[kid]
		if !found {
			delete(known, kid)
			continue
		}
		if len(a.keys.known) >= keptKeys {
			clear(a.keys.known)
		}
		known[kid], a.keys.known[kid] = device.Public, device.Public
	}
	return known, nil
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
