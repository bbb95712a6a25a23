//! Published catalogues.

use crate::{Change, Store, StoreError};
use rusqlite::{OptionalExtension, params};

/// A POS Profile that terminals may be enrolled for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    /// POS Profile.
    pub name: String,
    /// Company.
    pub company: String,
    /// Currency.
    pub currency: String,
    /// Warehouse.
    pub warehouse: String,
}

/// Some bytes with their SHA-256 before them.
pub type HashedBytes = ([u8; 32], Vec<u8>);

/// A catalogue to publish.
#[derive(Clone, Debug)]
pub struct Publication {
    /// For which profile.
    pub profile: ProfileRow,
    /// The manifest's hash and bytes.
    pub manifest: HashedBytes,
    /// Segments by hash, compressed with Brotli.
    pub segments: Vec<([u8; 32], Vec<u8>)>,
}

impl Change<'_> {
    /// Remembers a fact.
    pub fn set_fact(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.0.execute("INSERT OR REPLACE INTO facts VALUES (?1, ?2)", [name, value])?;
        Ok(())
    }

    /// Takes a catalogue back: nobody may be enrolled for its profile any more. Its segments stay for who is reading them.
    pub fn withdraw(&self, pos_profile: &str) -> Result<(), StoreError> {
        self.0.execute("DELETE FROM manifests WHERE pos_profile = ?1", [pos_profile])?;
        Ok(())
    }

    /// Forgets a fact.
    pub fn forget_fact(&self, name: &str) -> Result<(), StoreError> {
        self.0.execute("DELETE FROM facts WHERE name = ?1", [name])?;
        Ok(())
    }
}

impl Store {
    /// Publishes a catalogue: segments and manifest in one transaction, so that no terminal sees half of it.
    pub fn publish(&self, publication: &Publication) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO segments VALUES (?1, ?2)")?;
            for (hash, brotli) in &publication.segments {
                insert.execute(params![hash, brotli])?;
            }
            let ProfileRow { name, company, currency, warehouse } = &publication.profile;
            let (hash, bytes) = &publication.manifest;
            transaction.execute(
                "INSERT OR REPLACE INTO manifests VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![name, company, currency, warehouse, hash, bytes],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Publishes pictures, by hash: content type and bytes.
    pub fn publish_pictures(&self, pictures: &[([u8; 32], String, Vec<u8>)]) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO pictures VALUES (?1, ?2, ?3)")?;
            for (hash, content_type, bytes) in pictures {
                insert.execute(params![hash, content_type, bytes])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// The published profiles, by name.
    pub fn profiles(&self) -> Result<Vec<ProfileRow>, StoreError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT pos_profile, company, currency, warehouse FROM manifests ORDER BY 1")?;
        let rows = statement.query_map([], |row| {
            Ok(ProfileRow { name: row.get(0)?, company: row.get(1)?, currency: row.get(2)?, warehouse: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A profile's manifest: its hash and bytes.
    pub fn manifest(&self, pos_profile: &str) -> Result<Option<HashedBytes>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT hash, bytes FROM manifests WHERE pos_profile = ?1")?;
        Ok(statement.query_row([pos_profile], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Whether a segment is there.
    pub fn has_segment(&self, hash: [u8; 32]) -> Result<bool, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT 1 FROM segments WHERE hash = ?1")?;
        Ok(statement.exists([hash])?)
    }

    /// A segment's Brotli bytes.
    pub fn segment(&self, hash: [u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT brotli FROM segments WHERE hash = ?1")?;
        Ok(statement.query_row([hash], |row| row.get(0)).optional()?)
    }

    /// A picture's content type and bytes.
    pub fn picture(&self, hash: [u8; 32]) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT content_type, bytes FROM pictures WHERE hash = ?1")?;
        Ok(statement.query_row([hash], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// A remembered fact.
    pub fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT value FROM facts WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }
}
