-- Who may enrol terminals. Passwords are Argon2id verifiers.
CREATE TABLE accounts (
    name TEXT PRIMARY KEY,
    salt BLOB NOT NULL,
    verifier BLOB NOT NULL
) STRICT;

-- Who may sign in at a counter. PINs are Argon2id verifiers.
CREATE TABLE employees (
    name TEXT PRIMARY KEY,
    full_name TEXT NOT NULL,
    role TEXT NOT NULL,
    salt BLOB NOT NULL,
    verifier BLOB NOT NULL
) STRICT;

-- Enrolled browsers, and where the hub's line of each journal ends.
CREATE TABLE terminals (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    pos_profile TEXT NOT NULL,
    public_key BLOB NOT NULL,
    is_revoked INTEGER NOT NULL DEFAULT 0,
    head_seq INTEGER NOT NULL DEFAULT 0,
    head_hash BLOB NOT NULL DEFAULT (zeroblob(32)),
    enrolled_at_ms INTEGER NOT NULL
) STRICT;

-- The journals, gapless for each terminal.
CREATE TABLE entries (
    terminal BLOB NOT NULL REFERENCES terminals (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    hash BLOB NOT NULL,
    sealed BLOB NOT NULL,
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (terminal, seq)
) STRICT, WITHOUT ROWID;

-- Second lines of a journal that exists twice: kept in full, looked at by a person.
CREATE TABLE forks (
    terminal BLOB NOT NULL REFERENCES terminals (id),
    hash BLOB NOT NULL,
    seq INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (terminal, hash)
) STRICT, WITHOUT ROWID;

-- Published catalogues: a manifest for each POS Profile, segments and pictures by their SHA-256.
CREATE TABLE manifests (
    pos_profile TEXT PRIMARY KEY,
    company TEXT NOT NULL,
    currency TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE segments (
    hash BLOB PRIMARY KEY,
    brotli BLOB NOT NULL
) STRICT;

CREATE TABLE pictures (
    hash BLOB PRIMARY KEY,
    content_type TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- What was published last, so that a start need not publish it again.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
