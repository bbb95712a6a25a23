-- What an account may do on the console, and whether it still may.
ALTER TABLE accounts ADD COLUMN role TEXT NOT NULL DEFAULT 'manager';
ALTER TABLE accounts ADD COLUMN is_disabled INTEGER NOT NULL DEFAULT 0;

-- The ERPNext account that a terminal posts as; empty where the hub stands alone.
ALTER TABLE terminals ADD COLUMN account TEXT NOT NULL DEFAULT '';
-- When it was last heard, Unix milliseconds; 0 before the first time.
ALTER TABLE terminals ADD COLUMN heard_at_ms INTEGER NOT NULL DEFAULT 0;

-- Who is signed in on the console. The cookie's token is kept only as its SHA-256.
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    form_key BLOB NOT NULL,
    made_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER NOT NULL,
    address TEXT NOT NULL
) STRICT;

-- What nobody may read from a copied database: sealed with a key that is not in it.
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    changed_at_ms INTEGER NOT NULL
) STRICT;

-- Who did what, kept for good.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    who TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is only added to');
END;

CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is only added to');
END;

-- What a person should look at, once for each kind and subject while it lasts.
CREATE TABLE alerts (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    words TEXT NOT NULL,
    raised_at_ms INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

-- ERPNext's masters as last seen, and where reading goes on.
CREATE TABLE mirror (
    doctype TEXT NOT NULL,
    name TEXT NOT NULL,
    modified TEXT NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (doctype, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE mirror_cursors (
    doctype TEXT PRIMARY KEY,
    cursor TEXT NOT NULL
) STRICT;
