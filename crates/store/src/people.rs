//! Accounts, employees and terminals.

use crate::{Store, StoreError};
use holdfast_sync::{Hash, Position, PublicKey, Seq, TerminalId};
use rusqlite::{OptionalExtension, Row, params};

/// An Argon2id verifier with its salt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    /// Random bytes.
    pub salt: Vec<u8>,
    /// What Argon2id makes of secret and salt.
    pub verifier: Vec<u8>,
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
    /// Of the PIN.
    pub pin: Verifier,
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
}

const TERMINAL_COLUMNS: &str = "id, code, name, pos_profile, public_key, is_revoked, head_seq, head_hash";

fn terminal_row(row: &Row<'_>) -> rusqlite::Result<TerminalRow> {
    Ok(TerminalRow {
        id: TerminalId(row.get(0)?),
        code: row.get(1)?,
        name: row.get(2)?,
        pos_profile: row.get(3)?,
        public_key: PublicKey(row.get(4)?),
        is_revoked: row.get(5)?,
        head: Position { seq: Seq(row.get::<_, i64>(6)?.unsigned_abs()), hash: Hash(row.get(7)?) },
    })
}

impl Store {
    /// Sets an account's password.
    pub fn set_account(&self, name: &str, password: &Verifier) -> Result<(), StoreError> {
        self.connection().execute(
            "INSERT INTO accounts VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET salt = ?2, verifier = ?3",
            params![name, password.salt, password.verifier],
        )?;
        Ok(())
    }

    /// The verifier of an account's password.
    pub fn account(&self, name: &str) -> Result<Option<Verifier>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT salt, verifier FROM accounts WHERE name = ?1")?;
        let row = |row: &Row<'_>| Ok(Verifier { salt: row.get(0)?, verifier: row.get(1)? });
        Ok(statement.query_row([name], row).optional()?)
    }

    /// Adds or changes an employee.
    pub fn set_employee(&self, employee: &EmployeeRow) -> Result<(), StoreError> {
        self.connection().execute(
            "INSERT INTO employees VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (name) DO UPDATE SET full_name = ?2, role = ?3, salt = ?4, verifier = ?5",
            params![employee.name, employee.full_name, employee.role, employee.pin.salt, employee.pin.verifier],
        )?;
        Ok(())
    }

    /// Everybody who may sign in, by name.
    pub fn employees(&self) -> Result<Vec<EmployeeRow>, StoreError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT name, full_name, role, salt, verifier FROM employees ORDER BY name")?;
        let rows = statement.query_map([], |row| {
            Ok(EmployeeRow {
                name: row.get(0)?,
                full_name: row.get(1)?,
                role: row.get(2)?,
                pin: Verifier { salt: row.get(3)?, verifier: row.get(4)? },
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
            "INSERT INTO terminals (id, code, name, pos_profile, public_key, enrolled_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![terminal.id.0, code, terminal.name, terminal.pos_profile, terminal.public_key.0, now_ms],
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
        })
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
