package stores

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
)

// TestPowerFailure cuts the power of a simulated disk while SQLite appends, which drops or tears
// writes that were not synchronized: no acknowledged record is lost or torn. On a disk that ignores
// requests to synchronize, records are lost, so that the test would notice.
func TestPowerFailure(t *testing.T) {
	require.Zero(t, lostInPowerFailures(t, &disk{}, 200))
	require.Positive(t, lostInPowerFailures(t, &disk{ignoresSync: true}, 20))
}

// lostInPowerFailures appends to a database on d, and returns after how many power failures, at random
// moments meanwhile, acknowledged records would be lost or torn.
func lostInPowerFailures(t *testing.T, d *disk, cuts int) (lost int) {
	const operations = 8 // of the disk for each append
	var mu sync.Mutex    // guards states and acked
	var states []powerCut
	acked := 0
	d.before = func() {
		mu.Lock()
		defer mu.Unlock()
		if len(states) < cuts && rand.IntN(operations) == 0 {
			states = append(states, powerCut{d.cut(), acked})
		}
	}
	store, closeStore := openDisk(t, d)
	defer closeStore()
	for i := range cuts * 2 {
		require.NoError(t, store.Append(t.Context(), "log", i, newRecord("log", i)))
		mu.Lock()
		acked++
		mu.Unlock()
	}
	for _, s := range states {
		if s.lost(t) {
			lost++
		}
	}
	t.Logf("%d of %d power failures lost records", lost, len(states))
	require.Greater(t, len(states), cuts/2)
	return lost
}

// powerCut is a disk after a power failure, with the number of records that had been acknowledged.
type powerCut struct {
	disk  *disk
	acked int
}

// lost reports whether a database lacks acknowledged records, or has others.
func (s powerCut) lost(t *testing.T) bool {
	store, closeStore := openDisk(t, s.disk)
	defer closeStore()
	if store == nil {
		return true
	}
	records, err := store.Read(t.Context(), "log", 0)
	if err != nil {
		return true
	}
	for i, r := range records {
		if _, err := checkRecord(r, "log", i); err != nil {
			return true
		}
	}
	return len(records) < s.acked
}

// openDisk opens the Store on a disk, nil if that fails. In exclusive mode SQLite needs no shared
// memory.
func openDisk(t *testing.T, d *disk) (version.Store, func()) {
	name := fmt.Sprintf("disk%p", d)
	vfs.Register(name, d)
	store, db, err := target{driver: "sqlite3", source: "file:/d.db?vfs=" + name + "&_pragma=busy_timeout(1000)" +
		"&_pragma=locking_mode(exclusive)&_pragma=journal_mode(wal)&_pragma=synchronous(full)" +
		"&_pragma=wal_autocheckpoint(30)"}.open(t.Context())
	if err != nil {
		vfs.Unregister(name)
		return nil, func() {}
	}
	db.SetMaxOpenConns(1)
	return store, func() {
		db.Close()
		vfs.Unregister(name)
	}
}

// disk is a file system in memory that knows what is synchronized.
type disk struct {
	ignoresSync bool
	before      func() // nil, or is called before each write and each synchronization

	mu    sync.Mutex // guards files and what is in them
	files map[string]*diskFile
}

type diskFile struct {
	data    []byte
	pending []diskWrite // since the last synchronization
	durable []byte      // the data then
	exists  bool        // whether the name is durable
}

// diskWrite is a piece of a write, in one sector, or else a truncation.
type diskWrite struct {
	offset int64
	data   []byte
}

// apply makes a write in data.
func (w diskWrite) apply(data []byte) []byte {
	if w.data == nil {
		return slices.Clone(data[:min(int(w.offset), len(data))])
	}
	if missing := int(w.offset) + len(w.data) - len(data); missing > 0 {
		data = append(data, make([]byte, missing)...)
	}
	copy(data[w.offset:], w.data)
	return data
}

// cut returns the disk after a power failure: of the writes that are not synchronized, each sector may
// be there or not.
func (d *disk) cut() *disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	after, kept := &disk{files: map[string]*diskFile{}}, rand.Float64()
	for name, f := range d.files {
		if !f.exists && rand.Float64() > kept {
			continue
		}
		data := slices.Clone(f.durable)
		for _, w := range f.pending {
			if rand.Float64() < kept {
				data = w.apply(data)
			}
		}
		after.files[name] = &diskFile{data: data, durable: slices.Clone(data), exists: true}
	}
	return after
}

// Open implements vfs.VFS.
func (d *disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.files == nil {
		d.files = make(map[string]*diskFile)
	}
	if d.files[name] == nil {
		if flags&vfs.OPEN_CREATE == 0 {
			return nil, flags, sqlite3.CANTOPEN
		}
		d.files[name] = &diskFile{}
	}
	return &openFile{disk: d, file: d.files[name]}, flags, nil
}

// Delete implements vfs.VFS. It is durable at once: SQLite synchronizes the directory.
func (d *disk) Delete(name string, _ bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.files, name)
	return nil
}

// Access implements vfs.VFS.
func (d *disk) Access(name string, _ vfs.AccessFlag) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[name] != nil, nil
}

// FullPathname implements vfs.VFS.
func (d *disk) FullPathname(name string) (string, error) { return name, nil }

// change is called before a change.
func (d *disk) change() {
	if d.before != nil {
		d.before()
	}
}

// openFile is a vfs.File of one connection, which needs no locks.
type openFile struct {
	disk *disk
	file *diskFile
}

func (o *openFile) ReadAt(b []byte, offset int64) (int, error) {
	o.disk.mu.Lock()
	defer o.disk.mu.Unlock()
	n := copy(b, o.file.data[min(int(offset), len(o.file.data)):])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (o *openFile) WriteAt(b []byte, offset int64) (int, error) {
	const sector = 512
	o.disk.change()
	o.disk.mu.Lock()
	defer o.disk.mu.Unlock()
	for done := 0; done < len(b); {
		at := offset + int64(done)
		n := min(sector-int(at%sector), len(b)-done)
		o.do(diskWrite{at, slices.Clone(b[done : done+n])})
		done += n
	}
	return len(b), nil
}

func (o *openFile) Truncate(size int64) error {
	o.disk.change()
	o.disk.mu.Lock()
	defer o.disk.mu.Unlock()
	o.do(diskWrite{offset: size})
	return nil
}

func (o *openFile) do(w diskWrite) {
	o.file.data = w.apply(o.file.data)
	o.file.pending = append(o.file.pending, w)
}

func (o *openFile) Sync(vfs.SyncFlag) error {
	o.disk.change()
	o.disk.mu.Lock()
	defer o.disk.mu.Unlock()
	if !o.disk.ignoresSync {
		o.file.durable, o.file.pending, o.file.exists = slices.Clone(o.file.data), nil, true
	}
	return nil
}

func (o *openFile) Size() (int64, error) {
	o.disk.mu.Lock()
	defer o.disk.mu.Unlock()
	return int64(len(o.file.data)), nil
}

func (*openFile) Close() error                     { return nil }
func (*openFile) Lock(vfs.LockLevel) error         { return nil }
func (*openFile) Unlock(vfs.LockLevel) error       { return nil }
func (*openFile) CheckReservedLock() (bool, error) { return false, nil }
func (*openFile) SectorSize() int                  { return 4096 }
func (*openFile) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return vfs.IOCAP_POWERSAFE_OVERWRITE // what the driver says of a file
}
