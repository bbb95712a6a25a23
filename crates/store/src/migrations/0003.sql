-- How far each entry that the books should know has come. Written in the transaction that stores the entry.
CREATE TABLE postings (
    terminal BLOB NOT NULL REFERENCES terminals (id),
    seq INTEGER NOT NULL,
    mark BLOB NOT NULL CHECK (length(mark) = 4),
    shift BLOB,
    kind TEXT NOT NULL,
    needs TEXT NOT NULL,
    word TEXT NOT NULL,
    state TEXT NOT NULL,
    amendments TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (terminal, seq, mark)
) STRICT, WITHOUT ROWID;

-- What is not settled is few beside what is.
CREATE INDEX postings_open ON postings (word, received_at_ms) WHERE word NOT IN ('posted', 'resolved');

-- A closing asks for the documents of its shift.
CREATE INDEX postings_by_shift ON postings (terminal, shift);
