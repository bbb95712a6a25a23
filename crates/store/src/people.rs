//! Employees and terminals.

use crate::{Change, Store, StoreError};
use holdfast_sync::{Hash, Position, PublicKey, Seq, TerminalId, wire::Introduction};
use rusqlite::{OptionalExtension, Row, params};

/// An Argon2id verifier with its salt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    /// Random bytes.
    pub salt: Vec<u8>,
    /// What Argon2id makes of secret and salt.
    pub verifier: Vec<u8>,
}

/// An employee's PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinRow {
    /// What it is checked with.
    pub verifier: Verifier,
    /// How many digits it has. A counter that knows when a PIN is whole never counts the half of one as a wrong try.
    pub digits: u8,
}

/// Somebody who may sign in at a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeeRow {
    /// The Employee's key.
    pub name: String,
    /// What the sign-in screen shows.
    pub full_name: String,
    /// `Cashier` or `Supervisor`.
    pub role: String,
    /// The PIN, once one is set: without it nobody can sign in.
    pub pin: Option<PinRow>,
}

/// A terminal to register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTerminal {
    /// Its random id.
    pub id: TerminalId,
    /// What people call it.
    pub name: String,
    /// What it sells under.
    pub pos_profile: String,
    /// What it signs with.
    pub public_key: PublicKey,
    /// The account that enrolled it: the one that it posts as, where that is ERPNext's.
    pub account: String,
}

/// A terminal that is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalRow {
    /// Its id.
    pub id: TerminalId,
    /// The short code on its receipts.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What it sells under.
    pub pos_profile: String,
    /// What it signs with.
    pub public_key: PublicKey,
    /// Switched off by an administrator.
    pub is_revoked: bool,
    /// Where the hub's line of its journal ends.
    pub head: Position,
    /// The account that enrolled it.
    pub account: String,
    /// When it was last heard, Unix milliseconds; 0 before the first time.
    pub heard_at_ms: i64,
}

const TERMINAL_COLUMNS: &str =
    "id, code, name, pos_profile, public_key, is_revoked, head_seq, head_hash, account, heard_at_ms";

fn terminal_row(row: &Row<'_>) -> rusqlite::Result<TerminalRow> {
    Ok(TerminalRow {
        id: TerminalId(row.get(0)?),
        code: row.get(1)?,
        name: row.get(2)?,
        pos_profile: row.get(3)?,
        public_key: PublicKey(row.get(4)?),
        is_revoked: row.get(5)?,
        head: Position { seq: Seq(row.get::<_, i64>(6)?.unsigned_abs()), hash: Hash(row.get(7)?) },
        account: row.get(8)?,
        heard_at_ms: row.get(9)?,
    })
}

/// Nothing at all stands for a PIN that was never set.
fn pin(salt: Vec<u8>, verifier: Vec<u8>, digits: u8) -> Option<PinRow> {
    (!verifier.is_empty()).then_some(PinRow { verifier: Verifier { salt, verifier }, digits })
}

impl Change<'_> {
    /// Adds an employee, or changes all but the PIN, which only [`Change::set_pin`] changes.
    pub fn set_employee(&self, name: &str, full_name: &str, role: &str) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO employees (name, full_name, role, salt, verifier) VALUES (?1, ?2, ?3, x'', x'')
             ON CONFLICT (name) DO UPDATE SET full_name = ?2, role = ?3",
            [name, full_name, role],
        )?;
        Ok(())
    }

    /// Sets an employee's PIN, or takes it away; whether there is such an employee.
    pub fn set_pin(&self, employee: &str, pin: Option<&PinRow>) -> Result<bool, StoreError> {
        let (salt, verifier, digits) =
            pin.map_or((&[][..], &[][..], 4), |pin| (&pin.verifier.salt[..], &pin.verifier.verifier[..], pin.digits));
        let count = self.0.execute(
            "UPDATE employees SET salt = ?2, verifier = ?3, pin_digits = ?4 WHERE name = ?1",
            params![employee, salt, verifier, digits],
        )?;
        Ok(count > 0)
    }

    /// Takes an employee away; whether there was one. What they sold stays.
    pub fn remove_employee(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.0.execute("DELETE FROM employees WHERE name = ?1", [name])? > 0)
    }

    /// Switches a terminal off or on again; whether there is one.
    pub fn set_revoked(&self, terminal: TerminalId, is_revoked: bool) -> Result<bool, StoreError> {
        let count =
            self.0.execute("UPDATE terminals SET is_revoked = ?2 WHERE id = ?1", params![terminal.0, is_revoked])?;
        Ok(count > 0)
    }

    /// Notes when terminals were last heard.
    pub fn heard(&self, terminals: &[(TerminalId, i64)]) -> Result<(), StoreError> {
        let mut statement =
            self.0.prepare_cached("UPDATE terminals SET heard_at_ms = max(heard_at_ms, ?2) WHERE id = ?1")?;
        for (terminal, at_ms) in terminals {
            statement.execute(params![terminal.0, at_ms])?;
        }
        Ok(())
    }
}

impl Store {
    /// Every employee, by name.
    pub fn employees(&self) -> Result<Vec<EmployeeRow>, StoreError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT name, full_name, role, salt, verifier, pin_digits FROM employees ORDER BY name")?;
        let rows = statement.query_map([], |row| {
            Ok(EmployeeRow {
                name: row.get(0)?,
                full_name: row.get(1)?,
                role: row.get(2)?,
                pin: pin(row.get(3)?, row.get(4)?, row.get(5)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Registers a terminal and gives it the next free code: `A01` to `A99`, then `B01` and so on.
    pub fn enrol(&self, terminal: &NewTerminal, now_ms: i64) -> Result<TerminalRow, StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let count: u32 = transaction.query_row("SELECT count(*) FROM terminals", [], |row| row.get(0))?;
        let letter = char::from_u32(u32::from('A') + count / 99 % 26).unwrap_or('Z');
        let round = count / (99 * 26);
        let code =
            format!("{letter}{:02}{}", count % 99 + 1, if round == 0 { String::new() } else { round.to_string() });
        transaction.execute(
            "INSERT INTO terminals (id, code, name, pos_profile, public_key, enrolled_at_ms, account)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                terminal.id.0,
                code,
                terminal.name,
                terminal.pos_profile,
                terminal.public_key.0,
                now_ms,
                terminal.account
            ],
        )?;
        transaction.commit()?;
        Ok(TerminalRow {
            id: terminal.id,
            code,
            name: terminal.name.clone(),
            pos_profile: terminal.pos_profile.clone(),
            public_key: terminal.public_key.clone(),
            is_revoked: false,
            head: Position::default(),
            account: terminal.account.clone(),
            heard_at_ms: 0,
        })
    }

    /// Registers a terminal that another hub enrolled, and says which code it has here: its own, or one made from it where that is
    /// taken. One that is known stays as it is.
    pub fn introduce(&self, terminal: &Introduction, now_ms: i64) -> Result<String, StoreError> {
        if let Some(known) = self.terminal(terminal.terminal)? {
            return Ok(known.code);
        }
        let is_taken = self.terminals()?.iter().any(|known| known.code == terminal.code);
        let id = terminal.terminal.to_string();
        let code = if is_taken { format!("{}-{}", terminal.code, &id[..8]) } else { terminal.code.clone() };
        self.connection().execute(
            "INSERT INTO terminals (id, code, name, pos_profile, public_key, enrolled_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![terminal.terminal.0, code, terminal.name, terminal.pos_profile, terminal.public_key.0, now_ms],
        )?;
        Ok(code)
    }

    /// A terminal by its id.
    pub fn terminal(&self, id: TerminalId) -> Result<Option<TerminalRow>, StoreError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached(&format!("SELECT {TERMINAL_COLUMNS} FROM terminals WHERE id = ?1"))?;
        Ok(statement.query_row([id.0], terminal_row).optional()?)
    }

    /// Every terminal, by code.
    pub fn terminals(&self) -> Result<Vec<TerminalRow>, StoreError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached(&format!("SELECT {TERMINAL_COLUMNS} FROM terminals ORDER BY code"))?;
        let rows = statement.query_map([], terminal_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
