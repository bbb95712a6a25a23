//! Who looks at the console, and whether a form is theirs.

use super::problem::Problem;
use crate::{Hub, address::Address, state::now_ms};
use axum::{
    extract::{Form, FromRequest, FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
};
use holdfast_store::{NewAuditLine, Role};
use holdfast_sync::Hash;
use maud::{Markup, html};
use serde::{Deserialize, de::DeserializeOwned};

/// A session ends this long after it was begun, milliseconds.
pub(super) const WHOLE_MS: i64 = 12 * 60 * 60_000;

/// A session ends this long after it was last used, milliseconds.
pub(super) const IDLE_MS: i64 = 60 * 60_000;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The account.
    pub(crate) account: String,
    /// What it may do.
    pub(crate) role: Role,
    /// Where they are.
    pub(crate) address: String,
    /// Names the session.
    pub(crate) token_hash: [u8; 32],
    form_key: String,
}

impl Visitor {
    /// What each form carries.
    pub(super) fn key(&self) -> Markup {
        html! { input type="hidden" name="form_key" value=(self.form_key); }
    }

    /// A line for the audit log.
    pub(super) fn line(&self, action: &str, subject: &str, details: &str) -> NewAuditLine {
        NewAuditLine {
            at_ms: now_ms(),
            who: self.account.clone(),
            address: self.address.clone(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            details: details.to_owned(),
        }
    }

    /// Refuses whoever has a smaller role.
    pub(super) fn must_be(&self, role: Role) -> Result<(), Problem> {
        if self.role >= role {
            return Ok(());
        }
        let words = format!("This needs the role {}; your account has the role {}.", role.as_str(), self.role.as_str());
        Err(Problem::new(StatusCode::FORBIDDEN, &words))
    }
}

impl FromRequestParts<Hub> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Problem> {
        let Ok(address) = Address::from_request_parts(parts, hub).await;
        let token = token(&parts.headers).ok_or(Problem::SignIn)?;
        let token_hash = Hash::of(token.as_bytes()).0;
        let session = hub.ask(move |store| store.session(token_hash)).await?;
        let now = now_ms();
        let session = session
            .filter(|session| now - session.made_at_ms < WHOLE_MS && now - session.used_at_ms < IDLE_MS)
            .ok_or(Problem::SignIn)?;
        if now - session.used_at_ms > 60_000 {
            let note = move |store: &holdfast_store::Store| store.change(|change| change.use_session(token_hash, now));
            hub.ask(note).await?;
        }
        Ok(Self {
            account: session.account,
            role: session.role,
            address: address.0,
            token_hash,
            form_key: hex::encode(session.form_key),
        })
    }
}

/// A form of a page that this visitor was shown.
pub(crate) struct Posted<T> {
    pub(super) visitor: Visitor,
    pub(super) form: T,
}

#[derive(Deserialize)]
struct Keyed<T> {
    #[serde(default)]
    form_key: String,
    #[serde(flatten)]
    form: T,
}

impl<T: DeserializeOwned> FromRequest<Hub> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, hub: &Hub) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, hub).await?;
        must_be_ours(&parts.headers)?;
        let request = Request::from_parts(parts, body);
        let Form(Keyed { form_key, form }) = Form::<Keyed<T>>::from_request(request, hub)
            .await
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "The form could not be read."))?;
        // Both are as long as each other, and the key is as good as a password: no shortcut at the first difference.
        let difference = form_key.bytes().zip(visitor.form_key.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
        if form_key.len() != visitor.form_key.len() || difference != 0 {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "This form is from another session. Please open the page again.",
            ));
        }
        Ok(Self { visitor, form })
    }
}

/// Refuses what another site's page sent. Browsers say where a form comes from; what says nothing is no browser.
pub(super) fn must_be_ours(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    let is_same_host =
        text(header::ORIGIN).and_then(|origin| origin.split_once("://")).is_some_and(|(_, at)| at == host);
    let is_same_site = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin");
    if is_same_host && is_same_site {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "This form was not sent from the console."))
}

/// The name of the session's cookie: bound to this host and to TLS, except on this very machine.
fn cookie_name(headers: &HeaderMap) -> Option<&'static str> {
    if headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https") {
        return Some("__Host-holdfast");
    }
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]").then_some("holdfast")
}

fn token(headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(headers)?;
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

/// The header that begins a session in the browser, or ends it there with an empty token; `None` where it would travel in clear
/// text.
pub(super) fn cookie(headers: &HeaderMap, token: &str) -> Option<HeaderValue> {
    let name = cookie_name(headers)?;
    let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
    let age = if token.is_empty() { "; Max-Age=0" } else { "" };
    HeaderValue::from_str(&format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")).ok()
}
