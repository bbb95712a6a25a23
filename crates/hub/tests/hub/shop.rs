//! A hub over a store in an empty directory, and whatever site a test needs.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use holdfast_hub::{
    Hub, router, secrets,
    site::{Client, Setting, Site},
    vault::Vault,
};
use holdfast_store::{AccountRow, ProfileRow, Publication, Role, Store};
use serde_json::Value;
use std::{net::SocketAddr, path::PathBuf, sync::Arc};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

/// A client for the site at an address.
pub(crate) fn client(address: SocketAddr) -> Client {
    let setting = Setting::of(&format!("http://{address}/app?x=1")).expect("an address");
    Client::new(&setting).expect("a client")
}

/// Serves until the test ends.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it listens");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A hub's store and site; the directory goes away with it.
pub(crate) struct Shop {
    pub(crate) site: Site,
    pub(crate) store: Arc<Store>,
    address: SocketAddr,
    directory: PathBuf,
}

impl Shop {
    pub(crate) fn new(name: &str, address: SocketAddr) -> Self {
        let directory = std::env::temp_dir().join(format!("holdfast-hub-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        let store = Arc::new(Store::open(&directory).expect("an empty directory"));
        let site = Site::new(client(address), Arc::clone(&store), Vault::new(&[1; 32]), None);
        Self { site, store, address, directory }
    }

    /// The hub, connected with the site, its workers not started.
    pub(crate) fn hub(&self) -> Hub {
        let hub = self.lonely_hub();
        hub.connect(Some(Site::new(client(self.address), Arc::clone(&self.store), Vault::new(&[1; 32]), None)));
        hub
    }

    /// The hub without a site.
    pub(crate) fn lonely_hub(&self) -> Hub {
        Hub::new(Arc::clone(&self.store), "Shop", Vault::new(&[1; 32]))
    }

    /// An account of the hub's own with the password `right horse battery`.
    pub(crate) fn account(&self, name: &str, role: Role) {
        let password = secrets::verifier("right horse battery");
        let account = AccountRow { name: name.to_owned(), role, password, is_disabled: false };
        self.store.change(|change| change.set_account(&account)).expect("stored");
    }

    /// A published profile without a catalogue.
    pub(crate) fn publish(&self, name: &str) {
        let profile =
            ProfileRow { name: name.into(), company: "C".into(), currency: "EUR".into(), warehouse: "W".into() };
        let publication = Publication { profile, manifest: ([0; 32], Vec::new()), segments: Vec::new() };
        self.store.publish(&publication).expect("stored");
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// What a hub answers to a JSON body: status, and the JSON of the answer if it is any.
pub(crate) async fn post(hub: &Hub, path: &str, headers: &[(&str, &str)], body: String) -> (StatusCode, Value) {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body)).expect("a request");
    let response = router(hub.clone()).oneshot(request).await.expect("it always answers");
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or_default())
}
