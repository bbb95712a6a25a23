-- How many digits an employee's PIN has, so that a counter knows when it is whole.
ALTER TABLE employees ADD COLUMN pin_digits INTEGER NOT NULL DEFAULT 4;
