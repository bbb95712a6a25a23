-- A terminal asks what became of its entries since it asked last.
CREATE INDEX postings_by_change ON postings (terminal, changed_at_ms);
