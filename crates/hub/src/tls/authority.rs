//! A certificate authority of the shop's own, for hubs that are reached by an address or a name of the local network.
//!
//! Its key lies in the data directory, readable by the owner of the hub only. It is bound, by the certificate itself, to the
//! names it was made for and to private addresses: whoever steals the key cannot pretend to be a bank towards a till.

use super::{LEAF_VALID, Name, TlsError, provider};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, SanType, string::Ia5String,
};
use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject},
    sign::CertifiedKey,
};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// How long the authority is valid. It cannot be renewed without going to every counter again.
pub const AUTHORITY_YEARS: u32 = 10;

/// Clocks of tills go wrong: certificates begin to be valid before they are made.
const BACKDATED: Duration = Duration::from_hours(7 * 24);

const FOLDER: &str = "tls";
const CERTIFICATE: &str = "authority.pem";
const KEY: &str = "authority.key";

/// Names that only mean something inside a network.
const LOCAL_SUFFIXES: [&str; 6] = ["localhost", "local", "lan", "internal", "home.arpa", "fritz.box"];

/// The authority with its key.
pub struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// What a counter must be told to trust. No secret.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The authority's certificate.
    pub certificate: Arc<[u8]>,
    /// What people see of it.
    pub title: String,
    /// SHA-256 of it, as systems show it.
    pub fingerprint: String,
    /// The names the hub answers to.
    pub names: Vec<Name>,
}

impl Authority {
    /// Opens the authority of a data directory; makes one that may vouch for these names where there is none.
    pub fn open(directory: &Path, names: &[Name], now: SystemTime) -> Result<Self, TlsError> {
        let folder = directory.join(FOLDER);
        if !folder.exists() {
            make(&folder, names, now)?;
        }
        let (certificate_path, key_path) = (folder.join(CERTIFICATE), folder.join(KEY));
        let certificate = fs::read(&certificate_path).map_err(TlsError::file(&certificate_path))?;
        let certificate = CertificateDer::from_pem_slice(&certificate)
            .map_err(|_| TlsError::Malformed { path: certificate_path, what: "certificate" })?;
        let key = fs::read_to_string(&key_path).map_err(TlsError::file(&key_path))?;
        let key = KeyPair::from_pem(&key).map_err(|_| TlsError::Malformed { path: key_path, what: "private key" })?;
        let issuer = Issuer::new(parameters(&key), key);
        Ok(Self { certificate, issuer })
    }

    /// Makes a certificate for these names with a key of its own, and checks it as a counter will.
    pub fn issue(&self, names: &[Name], now: SystemTime, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let key = KeyPair::generate()?;
        let mut leaf = CertificateParams::default();
        leaf.subject_alt_names = names.iter().map(subject).collect::<Result<_, _>>()?;
        leaf.distinguished_name.push(DnType::CommonName, "Holdfast hub");
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        leaf.use_authority_key_identifier_extension = true;
        set_period(&mut leaf, now, LEAF_VALID);
        let leaf = leaf.signed_by(&key, &self.issuer)?;
        let chain = vec![leaf.der().clone(), self.certificate.clone()];
        for name in names {
            self.check(&chain, name, now)?;
        }
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("rcgen writes PKCS#8");
        Ok(CertifiedKey::from_der(chain, key, provider)?)
    }

    /// What counters must be told to trust.
    pub fn trust(&self, names: &[Name]) -> Trust {
        let digest = Sha256::digest(&self.certificate);
        let fingerprint = digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
        Trust {
            certificate: self.certificate.as_ref().into(),
            title: title(self.issuer.key()),
            fingerprint,
            names: names.to_vec(),
        }
    }

    /// What a counter that trusts the authority says to a certificate.
    fn check(&self, chain: &[CertificateDer<'_>], name: &Name, now: SystemTime) -> Result<(), TlsError> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone())?;
        let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider())
            .build()
            .expect("one root and no revocation lists");
        let now = UnixTime::since_unix_epoch(now.duration_since(UNIX_EPOCH).unwrap_or_default());
        verifier.verify_server_cert(&chain[0], &chain[1..], &name.server_name(), &[], now).map(|_| ()).map_err(
            |cause| {
                tracing::error!(%cause, %name, "the shop's authority cannot vouch for this name");
                TlsError::NotCovered(name.clone())
            },
        )
    }
}

/// Writes a new authority. Whole or not at all: the folder is filled beside and then renamed.
fn make(folder: &Path, names: &[Name], now: SystemTime) -> Result<(), TlsError> {
    let key = KeyPair::generate()?;
    let mut authority = parameters(&key);
    authority.name_constraints =
        Some(NameConstraints { permitted_subtrees: permitted(names), excluded_subtrees: Vec::new() });
    set_period(&mut authority, now, Duration::from_hours(u64::from(AUTHORITY_YEARS) * 365 * 24));
    let certificate = authority.self_signed(&key)?;
    let write = || -> io::Result<()> {
        let beside = folder.with_extension("new");
        let _ = fs::remove_dir_all(&beside);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&beside)?;
        for (name, text) in [(CERTIFICATE, certificate.pem()), (KEY, key.serialize_pem())] {
            let path = beside.join(name);
            let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
        }
        fs::rename(&beside, folder)?;
        folder.parent().map_or(Ok(()), |directory| fs::File::open(directory)?.sync_all())
    };
    write().map_err(TlsError::file(folder))
}

/// What is the same each time the authority is opened: its name, which follows from its key, and what it may do.
fn parameters(key: &KeyPair) -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, title(key));
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority
}

fn title(key: &KeyPair) -> String {
    format!("Holdfast authority {}", hex::encode(&Sha256::digest(key.public_key_raw())[..4]))
}

/// From a while ago until this long from now.
fn set_period(certificate: &mut CertificateParams, now: SystemTime, length: Duration) {
    let date = |at: SystemTime| rcgen::date_time_ymd(1970, 1, 1) + at.duration_since(UNIX_EPOCH).unwrap_or_default();
    certificate.not_before = date(now - BACKDATED);
    certificate.not_after = date(now + length);
}

fn subject(name: &Name) -> Result<SanType, rcgen::Error> {
    Ok(match name {
        Name::Host(name) => SanType::DnsName(Ia5String::try_from(name.as_str())?),
        Name::Address(address) => SanType::IpAddress(*address),
    })
}

/// What the authority may vouch for: the names it is made for, names of local networks, private addresses.
fn permitted(names: &[Name]) -> Vec<GeneralSubtree> {
    let hosts = names.iter().filter_map(|name| match name {
        Name::Host(name) => Some(name.as_str()),
        Name::Address(_) => None,
    });
    let hosts = LOCAL_SUFFIXES.into_iter().chain(hosts).map(|name| GeneralSubtree::DnsName(name.to_owned()));
    let single = names.iter().filter_map(|name| match name {
        Name::Address(address) => Some((*address, if address.is_ipv4() { 32 } else { 128 })),
        Name::Host(_) => None,
    });
    let networks: [(IpAddr, u8); 8] = [
        (Ipv4Addr::new(10, 0, 0, 0).into(), 8),
        (Ipv4Addr::new(172, 16, 0, 0).into(), 12),
        (Ipv4Addr::new(192, 168, 0, 0).into(), 16),
        (Ipv4Addr::new(169, 254, 0, 0).into(), 16),
        (Ipv4Addr::new(127, 0, 0, 0).into(), 8),
        (Ipv6Addr::LOCALHOST.into(), 128),
        (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0).into(), 7),
        (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0).into(), 10),
    ];
    let addresses = networks.into_iter().chain(single);
    let addresses =
        addresses.map(|(address, bits)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, bits)));
    hosts.chain(addresses).collect()
}
