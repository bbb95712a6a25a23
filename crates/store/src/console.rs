//! Accounts of the hub and who is signed in on the console.

use crate::{Change, Store, StoreError, Verifier};
use rusqlite::{OptionalExtension, Row, params};

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Looks at everything, changes nothing.
    Auditor,
    /// Runs the shop: terminals, employees, exceptions.
    Manager,
    /// Also accounts and the connection to `ERPNext`.
    Administrator,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Auditor, Self::Manager, Self::Administrator];

    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auditor => "auditor",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }

    /// Reads what [`Role::as_str`] wrote.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// An account of the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// What is typed at sign-in.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Of its password.
    pub password: Verifier,
    /// Switched off.
    pub is_disabled: bool,
}

/// A session to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// The SHA-256 of the cookie's token.
    pub token_hash: [u8; 32],
    /// Whose it is.
    pub account: String,
    /// What forms carry, so that only pages of this session can send them.
    pub form_key: Vec<u8>,
    /// Where it was begun.
    pub address: String,
    /// When, Unix milliseconds.
    pub now_ms: i64,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The SHA-256 of the cookie's token.
    pub token_hash: [u8; 32],
    /// Whose it is.
    pub account: String,
    /// What the account may do.
    pub role: Role,
    /// What forms carry.
    pub form_key: Vec<u8>,
    /// When it was begun.
    pub made_at_ms: i64,
    /// When it was last used.
    pub used_at_ms: i64,
    /// Where it was begun.
    pub address: String,
}

const SESSION: &str = "SELECT token_hash, account, role, form_key, made_at_ms, used_at_ms, address
    FROM sessions JOIN accounts ON accounts.name = account WHERE is_disabled = 0";

fn session_row(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        token_hash: row.get(0)?,
        account: row.get(1)?,
        role: role(row, 2)?,
        form_key: row.get(3)?,
        made_at_ms: row.get(4)?,
        used_at_ms: row.get(5)?,
        address: row.get(6)?,
    })
}

/// A role that this version does not know may do the least.
fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    let name: String = row.get(column)?;
    Ok(Role::from_name(&name).unwrap_or(Role::Auditor))
}

fn account_row(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow {
        name: row.get(0)?,
        role: role(row, 1)?,
        password: Verifier { salt: row.get(2)?, verifier: row.get(3)? },
        is_disabled: row.get(4)?,
    })
}

impl Change<'_> {
    /// Adds an account, or changes all of it. Whoever is signed in with it is signed out.
    pub fn set_account(&self, account: &AccountRow) -> Result<(), StoreError> {
        let AccountRow { name, role, password, is_disabled } = account;
        self.0.execute(
            "INSERT INTO accounts (name, role, salt, verifier, is_disabled) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (name) DO UPDATE SET role = ?2, salt = ?3, verifier = ?4, is_disabled = ?5",
            params![name, role.as_str(), password.salt, password.verifier, is_disabled],
        )?;
        self.0.execute("DELETE FROM sessions WHERE account = ?1", [name])?;
        Ok(())
    }

    /// Begins a session.
    pub fn begin_session(&self, session: &NewSession) -> Result<(), StoreError> {
        let NewSession { token_hash, account, form_key, address, now_ms } = session;
        self.0.execute(
            "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
            params![token_hash, account, form_key, now_ms, address],
        )?;
        Ok(())
    }

    /// Ends a session; whether there was one.
    pub fn end_session(&self, token_hash: [u8; 32]) -> Result<bool, StoreError> {
        Ok(self.0.execute("DELETE FROM sessions WHERE token_hash = ?1", [token_hash])? > 0)
    }

    /// Notes that a session was used.
    pub fn use_session(&self, token_hash: [u8; 32], now_ms: i64) -> Result<(), StoreError> {
        self.0.execute("UPDATE sessions SET used_at_ms = ?2 WHERE token_hash = ?1", params![token_hash, now_ms])?;
        Ok(())
    }

    /// Ends sessions that were begun or last used too long ago.
    pub fn end_old_sessions(&self, made_before_ms: i64, used_before_ms: i64) -> Result<(), StoreError> {
        self.0.execute(
            "DELETE FROM sessions WHERE made_at_ms < ?1 OR used_at_ms < ?2",
            params![made_before_ms, used_before_ms],
        )?;
        Ok(())
    }
}

impl Store {
    /// An account by its name.
    pub fn account(&self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT name, role, salt, verifier, is_disabled FROM accounts WHERE name = ?1")?;
        Ok(statement.query_row([name], account_row).optional()?)
    }

    /// Every account, by name.
    pub fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT name, role, salt, verifier, is_disabled FROM accounts ORDER BY name")?;
        let rows = statement.query_map([], account_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The session of a token, while its account may sign in.
    pub fn session(&self, token_hash: [u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{SESSION} AND token_hash = ?1"))?;
        Ok(statement.query_row([token_hash], session_row).optional()?)
    }

    /// Everybody who is signed in, the last used first.
    pub fn sessions(&self) -> Result<Vec<SessionRow>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{SESSION} ORDER BY used_at_ms DESC"))?;
        let rows = statement.query_map([], session_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
