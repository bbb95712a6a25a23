//! One site over HTTP: a request goes out, what was heard comes back.
//!
//! What matters is the difference between [`Heard::NotSent`] and [`Heard::Lost`]. Only a connection that was never made counts
//! as not sent. The pool may take a connection that the site has closed meanwhile; the client then connects anew only where not
//! one byte of the request went out. Everything else that goes wrong may have been carried out.

use super::{
    credential::{Credential, Proof},
    date,
};
use crate::state::now_ms;
use holdfast_erpnext::{Answer, Heard, Request};
use reqwest::{
    Url,
    header::{self, HeaderMap, HeaderValue},
    redirect,
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Most bytes of an answer: a page of 500 items with descriptions has about one megabyte.
const ANSWER_BYTES_MAX: usize = 32 << 20;

/// Sessions are begun anew after this, though the site may keep them longer.
const SESSION_MS: i64 = 60 * 60 * 1000;

/// Which site, and how patient the hub is with it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its address: scheme, host and port; what follows is cut off.
    pub url: Url,
    /// Longest wait for a connection.
    pub connect: Duration,
    /// Longest wait for a whole answer.
    pub answer: Duration,
    /// A certificate authority in PEM beside the public ones, for a site with a certificate of the shop's own.
    pub authority: Option<Vec<u8>>,
}

impl Setting {
    /// The usual patience with a site of this address; `None` if it is no `http` or `https` address.
    pub fn of(url: &str) -> Option<Self> {
        let mut url = Url::parse(url.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        url.host()?;
        url.set_path("");
        url.set_query(None);
        url.set_fragment(None);
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        // Making an invoice takes seconds on a small machine, and what is cut off has to be looked up.
        Some(Self { url, connect: Duration::from_secs(10), answer: Duration::from_secs(90), authority: None })
    }
}

/// A site. Cheap to share; keeps connections open.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    url: Url,
    /// Sessions of accounts that sign in with a password: cookie and when it was begun.
    sessions: Mutex<HashMap<String, (String, i64)>>,
}

impl Client {
    /// A client for a site.
    pub fn new(setting: &Setting) -> Result<Self, reqwest::Error> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let builder = reqwest::Client::builder()
            .user_agent(concat!("Holdfast/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .connect_timeout(setting.connect)
            .timeout(setting.answer)
            .pool_idle_timeout(Duration::from_secs(20))
            // A redirected POST would become a GET, and a token must not follow to another host.
            .redirect(redirect::Policy::none())
            .no_proxy();
        let authority = setting.authority.as_deref().map(reqwest::Certificate::from_pem_bundle).transpose()?;
        let builder = authority.into_iter().flatten().fold(builder, reqwest::ClientBuilder::add_root_certificate);
        Ok(Self { http: builder.build()?, url: setting.url.clone(), sessions: Mutex::default() })
    }

    /// The site's address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Sends a request as an account.
    pub async fn send(&self, credential: &Credential, request: &Request) -> Heard {
        if let Some(proof) = credential.proof() {
            return self.ask(request, Some(&proof)).await.0;
        }
        let Credential::Password { user, password } = credential else {
            return signed_out();
        };
        for is_fresh in [false, true] {
            let proof = match self.session(user, password, is_fresh).await {
                Ok(proof) => proof,
                Err(heard) => return heard,
            };
            let (heard, is_guest) = self.ask(request, Some(&proof)).await;
            // A session that ended is answered as a guest's, who may do nothing: it was not carried out.
            if !is_guest {
                return heard;
            }
        }
        signed_out()
    }

    /// Asks as a guest, with a form as the body: the OAuth routes read nothing else.
    pub(super) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Heard {
        let Ok(url) = self.url.join(path) else {
            return Heard::NotSent;
        };
        hear(self.http.post(url).form(fields)).await.0
    }

    async fn ask(&self, request: &Request, proof: Option<&Proof>) -> (Heard, bool) {
        let Some(url) = self.url_of(request) else {
            return (Heard::NotSent, false);
        };
        let method = request.method.as_str().parse().expect("the four are methods of HTTP");
        let mut builder = self.http.request(method, url);
        builder = match proof {
            Some(Proof::Authorization(value)) => builder.header(header::AUTHORIZATION, secret(value)),
            Some(Proof::Session(sid)) => builder.header(header::COOKIE, secret(&format!("sid={sid}"))),
            None => builder,
        };
        if let Some(body) = &request.body {
            builder = builder.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        hear(builder).await
    }

    /// The request's address; `None` if what the connector made leads off the site.
    fn url_of(&self, request: &Request) -> Option<Url> {
        let url = self.url.join(&request.target()).ok()?;
        let is_same = url.host() == self.url.host() && url.port_or_known_default() == self.url.port_or_known_default();
        (is_same && url.scheme() == self.url.scheme()).then_some(url)
    }

    /// The cookie of an account's session, begun if there is none or a fresh one is asked for.
    async fn session(&self, user: &str, password: &str, is_fresh: bool) -> Result<Proof, Heard> {
        let now = now_ms();
        let known = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).get(user).cloned();
        if let Some((sid, _)) = known.filter(|(_, at)| !is_fresh && now - at < SESSION_MS) {
            return Ok(Proof::Session(sid));
        }
        let url = self.url.join("/api/method/login").map_err(|_| Heard::NotSent)?;
        let response = self.http.post(url).form(&[("usr", user), ("pwd", password)]).send().await;
        let response = response.map_err(|error| if error.is_connect() { Heard::NotSent } else { Heard::Lost })?;
        let sid = cookie(response.headers(), "sid").filter(|sid| sid != "Guest");
        let is_good = response.status().is_success();
        match sid.filter(|_| is_good) {
            Some(sid) => {
                let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
                sessions.insert(user.to_owned(), (sid.clone(), now));
                Ok(Proof::Session(sid))
            }
            None if is_good => Err(signed_out()),
            None => Err(read(response).await.0),
        }
    }
}

/// A header's value that no log shows.
fn secret(text: &str) -> HeaderValue {
    let mut value = HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("unusable"));
    value.set_sensitive(true);
    value
}

/// What a site answers to whoever is not signed in.
pub(super) fn signed_out() -> Heard {
    Heard::Answer(Answer { status: 401, retry_after_ms: None, date_ms: None, body: Vec::new() })
}

/// Sends, and says whether the answer was a guest's.
async fn hear(request: reqwest::RequestBuilder) -> (Heard, bool) {
    match request.send().await {
        Ok(response) => read(response).await,
        Err(error) if error.is_connect() || error.is_builder() => {
            tracing::debug!(cause = %innermost(&error), "no connection to the site");
            (Heard::NotSent, false)
        }
        Err(error) => {
            tracing::warn!(cause = %innermost(&error), "no answer from the site");
            (Heard::Lost, false)
        }
    }
}

async fn read(mut response: reqwest::Response) -> (Heard, bool) {
    let text = |name: header::HeaderName| response.headers().get(name)?.to_str().ok();
    let status = response.status().as_u16();
    let date_ms = text(header::DATE).and_then(date::http_date_ms);
    let retry_after_ms = text(header::RETRY_AFTER).and_then(|text| date::retry_after_ms(text, now_ms()));
    let is_guest = cookie(response.headers(), "sid").is_some_and(|sid| sid == "Guest");
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= ANSWER_BYTES_MAX => body.extend_from_slice(&chunk),
            Ok(None) => return (Heard::Answer(Answer { status, retry_after_ms, date_ms, body }), is_guest),
            Ok(Some(_)) | Err(_) => return (Heard::Lost, false),
        }
    }
}

/// The value that an answer gives a cookie.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next()?.split_once('='))
        .find(|(found, _)| found.trim() == name)
        .map(|(_, value)| value.trim().to_owned())
}

/// The cause that says most; the outer ones only say that a request failed.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
