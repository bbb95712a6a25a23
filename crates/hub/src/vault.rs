//! The hub's key, and what it seals: tokens and passwords that must not be readable in a copied database.
//!
//! XChaCha20-Poly1305 with a random nonce. A secret's name is authenticated with it, so that two sealed secrets cannot be
//! exchanged for one another in the database.

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// The first byte of what is sealed, for the day there is a second way.
const VERSION: u8 = 1;

const NONCE_BYTES: usize = 24;

/// The file in the data directory that holds the key where no other is given.
const KEY_FILE: &str = "key";

/// Seals and opens secrets.
#[derive(Clone)]
pub struct Vault(XChaCha20Poly1305);

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

/// Why there is no key, or a secret does not open.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key's file cannot be read or made.
    #[error("the key file {path} cannot be used: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Not 32 bytes in hex digits.
    #[error("the key is not 64 hex digits; `openssl rand -hex 32` makes one")]
    Malformed,
    /// Sealed with another key, or damaged.
    #[error("{0} does not open with this key; was the key changed or the database copied?")]
    Sealed(String),
}

impl Vault {
    /// A vault of this key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&Key::from(*key)))
    }

    /// Reads a key: 64 hex digits.
    pub fn from_hex(digits: &str) -> Result<Self, VaultError> {
        let mut key = [0; 32];
        hex::decode_to_slice(digits.trim(), &mut key).map_err(|_| VaultError::Malformed)?;
        Ok(Self::new(&key))
    }

    /// Reads the key of a file.
    pub fn from_file(path: &Path) -> Result<Self, VaultError> {
        let digits =
            std::fs::read_to_string(path).map_err(|cause| VaultError::File { path: path.to_owned(), cause })?;
        Self::from_hex(&digits)
    }

    /// The key of a data directory: its own file, made at the first start. The log says so, for whoever copies the directory
    /// copies that key with it.
    pub fn of_directory(directory: &Path) -> Result<Self, VaultError> {
        let path = directory.join(KEY_FILE);
        if !path.exists() {
            make_key(&path).map_err(|cause| VaultError::File { path: path.clone(), cause })?;
            tracing::warn!(
                file = %path.display(),
                "made a key for secrets; set HOLDFAST_KEY or --key-file to keep it apart from the data"
            );
        }
        Self::from_file(&path)
    }

    /// Seals a secret under its name.
    pub fn seal(&self, name: &str, secret: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).expect("the operating system gives random bytes");
        let payload = Payload { msg: secret, aad: name.as_bytes() };
        let sealed =
            self.0.encrypt(&XNonce::from(nonce), payload).expect("a secret is far shorter than the cipher's limit");
        [&[VERSION], nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed under a name.
    pub fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let damaged = || VaultError::Sealed(name.to_owned());
        let rest = sealed.strip_prefix(&[VERSION]).ok_or_else(damaged)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(damaged)?;
        let payload = Payload { msg: text, aad: name.as_bytes() };
        self.0.decrypt(&XNonce::from(*nonce), payload).map_err(|_| damaged())
    }
}

/// Writes a fresh key that only the file's owner may read. Whole or not at all: it is written beside and then renamed.
fn make_key(path: &Path) -> io::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let mut key = [0; 32];
    getrandom::fill(&mut key).expect("the operating system gives random bytes");
    let beside = path.with_extension("new");
    let _ = std::fs::remove_file(&beside);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    writeln!(file, "{}", hex::encode(key))?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), |directory| std::fs::File::open(directory)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::{Vault, VaultError};
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_secret_opens_under_its_own_name_with_its_own_key() {
        let vault = Vault::new(&[7; 32]);

        let sealed = vault.seal("a", b"token");

        assert_eq!(vault.open("a", &sealed).expect("its own"), b"token");
        assert!(matches!(vault.open("b", &sealed), Err(VaultError::Sealed(name)) if name == "b"));
        assert!(Vault::new(&[8; 32]).open("a", &sealed).is_err());
        assert!(!sealed.windows(5).any(|window| window == b"token"));
    }

    #[test]
    fn no_damaged_byte_goes_unnoticed() {
        let vault = Vault::new(&[7; 32]);
        let sealed = vault.seal("a", b"token");

        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(vault.open("a", &damaged).is_err(), "byte {at}");
            assert!(vault.open("a", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_directorys_key_is_made_once_and_only_its_owner_reads_it() {
        let directory = std::env::temp_dir().join(format!("holdfast-vault-{}", std::process::id()));
        std::fs::create_dir_all(&directory).expect("a new directory");

        let sealed = Vault::of_directory(&directory).expect("a new key").seal("a", b"token");
        let opened = Vault::of_directory(&directory).expect("the same key").open("a", &sealed);
        let mode = std::fs::metadata(directory.join("key")).expect("there").permissions().mode();
        std::fs::remove_dir_all(&directory).expect("ours");

        assert_eq!(opened.expect("the same key"), b"token");
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_is_64_hex_digits() {
        assert!(matches!(Vault::from_hex("short"), Err(VaultError::Malformed)));
        assert!(Vault::from_hex(&format!("{}\n", "0a".repeat(32))).is_ok());
    }
}
