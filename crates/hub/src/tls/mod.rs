//! TLS of the hub: with certificate files, or with a certificate authority of the shop's own for a network without names.
//!
//! Connections are always served with the certificate of the moment; [`Tls::refresh`] exchanges it while the hub runs. The
//! server's key of the own authority is never written down: each start makes another.

mod authority;
mod current;
mod files;
mod names;
mod page;
mod plain;

pub use authority::{AUTHORITY_YEARS, Authority, Trust};
pub use names::{Name, NameError};
pub(crate) use page::{certificate, show, style};
pub use plain::plain_router;

use current::Current;
use rustls::{ServerConfig, crypto::CryptoProvider};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

/// How long a certificate of the own authority is valid.
pub const LEAF_VALID: Duration = Duration::from_hours(30 * 24);

/// The age at which it is exchanged.
pub const LEAF_RENEWED: Duration = Duration::from_hours(20 * 24);

/// How often somebody should call [`Tls::refresh`].
pub const REFRESH: Duration = Duration::from_mins(1);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("{path} cannot be used: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A file holds something else.
    #[error("{path} holds no {what} in PEM")]
    Malformed {
        /// Which.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// Key and certificate don't belong together, or are of a kind that isn't known.
    #[error("the certificate and its key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
    /// The own authority was made for other names.
    #[error(
        "the shop's authority may not vouch for {0}: it was made for other names. Remove the folder `tls` of the data \
         directory to make a new one, which every counter must then be told to trust"
    )]
    NotCovered(Name),
    /// A certificate cannot be made.
    #[error("a certificate cannot be made: {0}")]
    Issue(#[from] rcgen::Error),
}

impl TlsError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |cause| Self::File { path, cause }
    }
}

/// Where certificates come from.
enum Source {
    Files { certificate: PathBuf, key: PathBuf, read: Mutex<files::Read> },
    Local { authority: Box<Authority>, names: Vec<Name>, issued: Mutex<SystemTime> },
}

/// The certificate that the hub shows, and where the next one comes from.
pub struct Tls {
    source: Source,
    current: Arc<Current>,
}

impl Tls {
    /// Takes certificate (with its chain) and key from PEM files.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let read = files::read(certificate, key)?;
        let current = Arc::new(Current::new(read.certified(certificate, key, &provider())?));
        let (certificate, key) = (certificate.to_owned(), key.to_owned());
        Ok(Self { source: Source::Files { certificate, key, read: Mutex::new(read) }, current })
    }

    /// Takes certificates for these names from the own authority in a data directory; both are made where there are none.
    pub fn local(directory: &Path, mut names: Vec<Name>, now: SystemTime) -> Result<Self, TlsError> {
        names.extend(Name::of_this_machine());
        names.dedup();
        let authority = Box::new(Authority::open(directory, &names, now)?);
        let current = Arc::new(Current::new(authority.issue(&names, now, &provider())?));
        Ok(Self { source: Source::Local { authority, names, issued: Mutex::new(now) }, current })
    }

    /// What connections are accepted with.
    pub fn config(&self) -> Arc<ServerConfig> {
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("ring knows TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Current>::clone(&self.current));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Arc::new(config)
    }

    /// What counters must be told to trust, if the authority is the shop's own.
    pub fn trust(&self) -> Option<Trust> {
        match &self.source {
            Source::Files { .. } => None,
            Source::Local { authority, names, .. } => Some(authority.trust(names)),
        }
    }

    /// Exchanges the certificate where it is due or its files have changed; says whether it did. What is shown stays as it was
    /// if that fails.
    pub fn refresh(&self, now: SystemTime) -> Result<bool, TlsError> {
        match &self.source {
            Source::Files { certificate, key, read } => {
                let found = files::read(certificate, key)?;
                let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
                if *read == found {
                    return Ok(false);
                }
                self.current.exchange(found.certified(certificate, key, &provider())?);
                *read = found;
            }
            Source::Local { authority, names, issued } => {
                let mut issued = issued.lock().unwrap_or_else(PoisonError::into_inner);
                // A clock that was set back counts as due, too: the certificate might not be valid yet.
                if now.duration_since(*issued).is_ok_and(|age| age < LEAF_RENEWED) {
                    return Ok(false);
                }
                self.current.exchange(authority.issue(names, now, &provider())?);
                *issued = now;
            }
        }
        Ok(true)
    }

    /// Calls [`Self::refresh`] for as long as the hub runs.
    pub async fn keep_fresh(self: Arc<Self>) {
        let mut failing = false;
        loop {
            tokio::time::sleep(REFRESH).await;
            match self.refresh(SystemTime::now()) {
                Ok(true) => tracing::info!("the certificate was exchanged"),
                Ok(false) => {}
                // Said once, not every minute.
                Err(cause) if !failing => {
                    failing = true;
                    tracing::error!(%cause, "the certificate stays as it is");
                    continue;
                }
                Err(_) => continue,
            }
            failing = false;
        }
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
