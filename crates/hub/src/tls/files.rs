//! Certificates of somebody else's authority, in files that somebody else renews.

use super::TlsError;
use rustls::{
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use std::path::Path;

/// What the two files held.
#[derive(PartialEq, Eq)]
pub(super) struct Read {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

pub(super) fn read(certificate: &Path, key: &Path) -> Result<Read, TlsError> {
    let bytes = |path: &Path| std::fs::read(path).map_err(TlsError::file(path));
    Ok(Read { certificate: bytes(certificate)?, key: bytes(key)? })
}

impl Read {
    /// The certificate with its chain and its key, checked to belong together.
    pub(super) fn certified(
        &self,
        certificate: &Path,
        key: &Path,
        provider: &CryptoProvider,
    ) -> Result<CertifiedKey, TlsError> {
        let malformed = |path: &Path, what| TlsError::Malformed { path: path.to_owned(), what };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, _>>()
            .map_err(|_| malformed(certificate, "certificate"))?;
        if chain.is_empty() {
            return Err(malformed(certificate, "certificate"));
        }
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| malformed(key, "private key"))?;
        Ok(CertifiedKey::from_der(chain, key, provider)?)
    }
}
