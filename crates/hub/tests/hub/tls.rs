//! The hub over TLS, as clients with a real TLS see it.

use axum::{Router, extract::ConnectInfo, http::StatusCode, routing::get};
use holdfast_hub::{
    Hub, router, serve,
    tls::{LEAF_RENEWED, LEAF_VALID, Name, Tls, TlsError, plain_router},
    vault::Vault,
};
use holdfast_store::Store;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName},
};
use std::{
    fs,
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::net::{TcpListener, TcpStream};

/// A directory that goes away with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("holdfast-tls-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a new directory");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn names(text: &str) -> Vec<Name> {
    text.split(',').map(|name| name.parse().expect("a name")).collect()
}

fn local(folder: &Folder, text: &str) -> Tls {
    Tls::local(&folder.0, names(text), SystemTime::now()).expect("an authority")
}

async fn start(tls: Option<&Tls>, router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it listens");
    tokio::spawn(serve(listener, tls.map(Tls::config), router, std::future::pending()));
    address
}

/// A client that trusts this authority only, and follows nothing.
fn client(authority: &[u8]) -> reqwest::Client {
    let authority = reqwest::Certificate::from_der(authority).expect("a certificate");
    reqwest::Client::builder()
        .tls_built_in_root_certs(false)
        .add_root_certificate(authority)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}

fn authority(tls: &Tls) -> Arc<[u8]> {
    tls.trust().expect("its own authority").certificate
}

/// The certificate that a server shows to whoever trusts these.
async fn shown(address: SocketAddr, trusted: &[CertificateDer<'static>]) -> CertificateDer<'static> {
    let mut roots = RootCertStore::empty();
    for certificate in trusted {
        roots.add(certificate.clone()).expect("a certificate");
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.expect("it listens");
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("trusted");
    stream.get_ref().1.peer_certificates().expect("it shows one")[0].clone()
}

#[tokio::test]
async fn whoever_trusts_the_shops_authority_is_served_and_nobody_else() {
    let folder = Folder::new("served");
    let tls = local(&folder, "till-hub.lan");
    let who = get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string());
    let address = start(Some(&tls), Router::new().route("/who", who)).await;
    let other = Folder::new("other");
    let another = authority(&local(&other, "till-hub.lan"));
    let url = format!("https://localhost:{}/who", address.port());

    let answer = client(&authority(&tls)).get(&url).send().await.expect("trusted").text().await.expect("a body");
    let by_address = client(&authority(&tls)).get(format!("https://{address}/who")).send().await;
    let refused = client(&another).get(&url).send().await;

    assert_eq!(answer, "127.0.0.1");
    assert!(by_address.is_ok(), "{by_address:?}");
    assert!(refused.expect_err("not trusted").is_connect());
}

#[tokio::test]
async fn a_client_that_says_nothing_keeps_nobody_waiting() {
    let folder = Folder::new("silent");
    let tls = local(&folder, "till-hub.lan");
    let address = start(Some(&tls), Router::new().route("/", get(async || "here"))).await;
    let silent = silent(address, 20).await;

    let answer = client(&authority(&tls)).get(format!("https://localhost:{}/", address.port())).send().await;

    assert!(answer.is_ok(), "{answer:?}");
    drop(silent);
}

async fn silent(address: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..count {
        streams.push(TcpStream::connect(address).await.expect("it listens"));
    }
    streams
}

#[test]
fn the_authority_is_made_once_and_its_key_is_its_owners() {
    let folder = Folder::new("once");

    let first = authority(&local(&folder, "till-hub.lan"));
    let second = authority(&local(&folder, "till-hub.lan,192.168.7.9"));
    let mode = |name: &str| fs::metadata(folder.0.join(name)).expect("it is there").permissions().mode() & 0o777;

    assert_eq!(first, second);
    assert_eq!(mode("tls"), 0o700);
    assert_eq!(mode("tls/authority.key"), 0o600);
    assert!(!folder.0.join("tls.new").exists());
}

#[test]
fn the_authority_vouches_for_nothing_beyond_the_shop() {
    let folder = Folder::new("bound");
    drop(local(&folder, "till-hub.lan"));

    for name in ["bank.example", "8.8.8.8", "2001:db8::1"] {
        let beyond = Tls::local(&folder.0, names(name), SystemTime::now());
        assert!(matches!(beyond, Err(TlsError::NotCovered(_))), "{name}");
    }
}

#[tokio::test]
async fn a_certificate_is_exchanged_before_it_ends_while_the_hub_runs() {
    let folder = Folder::new("renewed");
    let made = SystemTime::now() - LEAF_RENEWED - Duration::from_mins(1);
    let tls = Tls::local(&folder.0, names("till-hub.lan"), made).expect("an authority");
    let address = start(Some(&tls), Router::new()).await;
    let trusted = [CertificateDer::from(authority(&tls).to_vec())];
    let first = shown(address, &trusted).await;

    let is_early = tls.refresh(made + LEAF_RENEWED - Duration::from_secs(1)).expect("nothing to do");
    let is_due = tls.refresh(SystemTime::now()).expect("a new one");
    let second = shown(address, &trusted).await;

    assert!(!is_early && is_due);
    assert!(LEAF_RENEWED < LEAF_VALID);
    assert_ne!(first, second);
}

fn write_pair(folder: &Path) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    fs::write(folder.join("cert.pem"), cert.pem()).expect("written");
    fs::write(folder.join("key.pem"), signing_key.serialize_pem()).expect("written");
    cert.der().clone()
}

#[tokio::test]
async fn files_are_read_again_and_broken_ones_change_nothing() {
    let folder = Folder::new("files");
    let first = write_pair(&folder.0);
    let (certificate, key) = (folder.0.join("cert.pem"), folder.0.join("key.pem"));
    let tls = Tls::from_files(&certificate, &key).expect("a pair");
    let address = start(Some(&tls), Router::new()).await;

    assert!(!tls.refresh(SystemTime::now()).expect("nothing to do"));
    assert_eq!(shown(address, std::slice::from_ref(&first)).await, first);

    fs::write(&certificate, "no certificate").expect("written");
    assert!(matches!(tls.refresh(SystemTime::now()), Err(TlsError::Malformed { .. })));
    assert_eq!(shown(address, std::slice::from_ref(&first)).await, first);

    let second = write_pair(&folder.0);
    let newest = fs::read(&certificate).expect("just written");
    let fitting_key = fs::read(&key).expect("just written");
    write_pair(&folder.0);
    fs::write(&certificate, &newest).expect("written");
    assert!(matches!(tls.refresh(SystemTime::now()), Err(TlsError::Unusable(_))), "the key of another certificate");

    fs::write(&key, &fitting_key).expect("written");
    assert!(tls.refresh(SystemTime::now()).expect("a pair again"));
    assert_eq!(shown(address, std::slice::from_ref(&second)).await, second);
}

fn hub(folder: &Folder) -> Hub {
    Hub::new(Arc::new(Store::open(&folder.0).expect("an empty directory")), "Shop", Vault::new(&[1; 32]))
}

#[tokio::test]
async fn strictness_is_said_with_a_certificate_that_browsers_know_only() {
    let (own, others) = (Folder::new("own"), Folder::new("others"));
    let own_tls = local(&own, "till-hub.lan");
    let others_certificate = write_pair(&others.0);
    let others_tls = Tls::from_files(&others.0.join("cert.pem"), &others.0.join("key.pem")).expect("a pair");
    let mut said = Vec::new();

    for (folder, tls, trusted) in
        [(&own, &own_tls, authority(&own_tls).to_vec()), (&others, &others_tls, others_certificate.to_vec())]
    {
        let address = start(Some(tls), router(hub(folder).secured(Some(tls)))).await;
        let url = format!("https://localhost:{}/health", address.port());
        let answer = client(&trusted).get(url).send().await.expect("trusted");
        said.push(answer.headers().contains_key("strict-transport-security"));
    }

    assert_eq!(said, [false, true]);
}

#[tokio::test]
async fn the_page_that_helps_to_trust_gives_the_certificate_of_its_fingerprint() {
    let folder = Folder::new("page");
    let tls = local(&folder, "till-hub.lan");
    let trust = tls.trust().expect("its own authority");
    let address = start(Some(&tls), router(hub(&folder).secured(Some(&tls)))).await;
    let plain = start(None, plain_router(tls.trust(), address.port())).await;
    let client = client(&trust.certificate);

    for base in [format!("https://{address}"), format!("http://{plain}")] {
        let get = async |path: &str| client.get(format!("{base}{path}")).send().await.expect("an answer");
        let page = get("/pos/trust").await.text().await.expect("a page");
        let file = get("/pos/trust/holdfast.crt").await.bytes().await.expect("a file");
        let pem = get("/pos/trust/holdfast.pem").await.bytes().await.expect("a file");

        assert!(page.contains(&trust.fingerprint) && page.contains("https://till-hub.lan/pos"));
        assert_eq!(&file[..], &trust.certificate[..]);
        assert_eq!(reqwest::Certificate::from_pem_bundle(&pem).expect("PEM").len(), 1);
        assert_eq!(get("/pos/trust/authority.key").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(get("/pos/trust/..%2fauthority.key").await.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_door_without_tls_leads_to_https_and_to_nobody_else() {
    let folder = Folder::new("plain");
    let tls = local(&folder, "till-hub.lan");
    let plain = start(None, plain_router(tls.trust(), 8443)).await;
    let client = client(&authority(&tls));
    let lead = async |host: &str, path: &str| {
        let request = client.get(format!("http://{plain}{path}")).header("host", host);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
        answer.headers()["location"].to_str().expect("text").to_owned()
    };

    assert_eq!(lead("localhost:80", "/pos?x=1").await, "https://localhost:8443/pos?x=1");
    assert_eq!(lead("evil.example", "/pos").await, "https://till-hub.lan:8443/pos");
    assert_eq!(lead("till-hub.lan", "//evil.example").await, "https://till-hub.lan:8443/pos");
    let sent = client.post(format!("http://{plain}/pos/api/v1/enrolment")).body("{}").send().await.expect("an answer");
    assert_eq!(sent.status(), StatusCode::FORBIDDEN);
}
