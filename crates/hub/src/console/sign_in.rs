//! Signing in and out.

use super::{
    page::open_page,
    problem::Problem,
    session::{IDLE_MS, Posted, WHOLE_MS, cookie, must_be_ours},
};
use crate::{Hub, address::Address, limits, secrets, state::now_ms};
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use holdfast_store::{NewAuditLine, NewSession, Store};
use holdfast_sync::Hash;
use maud::html;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Typed {
    account: String,
    password: String,
}

pub(crate) async fn show(State(hub): State<Hub>, headers: HeaderMap) -> Result<Response, Problem> {
    if hub.ask(Store::accounts).await?.is_empty() {
        return Ok(Redirect::to("/pos/console/first").into_response());
    }
    Ok(form(&headers, None))
}

fn form(headers: &HeaderMap, trouble: Option<&str>) -> Response {
    let is_open = cookie(headers, "x").is_none();
    let content = html! {
        @if let Some(trouble) = trouble { p.notice.bad { (trouble) } }
        @if is_open {
            p.notice.bad {
                "This connection is not encrypted, so nobody can sign in here. Open the console over https, or at http://localhost \
                 on the hub's own machine."
            }
        }
        form.stack method="post" action="/pos/console/sign-in" {
            label { "Account" input name="account" required autocomplete="username" autofocus; }
            label { "Password" input name="password" type="password" required autocomplete="current-password"; }
            button.primary type="submit" disabled[is_open] { "Sign in" }
        }
    };
    open_page("Console", &content)
}

pub(crate) async fn begin(
    State(hub): State<Hub>,
    Address(address): Address,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let slowed = hub
        .limits
        .take(&format!("address {address}"), limits::ENROLMENT_BY_ADDRESS)
        .and_then(|()| hub.limits.take(&format!("account {}", typed.account), limits::ENROLMENT_BY_ACCOUNT));
    slowed?;
    let token = random_hex();
    let Some(cookie) = cookie(&headers, &token) else {
        return Ok((StatusCode::FORBIDDEN, form(&headers, None)).into_response());
    };
    let now = now_ms();
    let session = NewSession {
        token_hash: Hash::of(token.as_bytes()).0,
        account: typed.account.clone(),
        form_key: hex::decode(random_hex()).expect("it was just written"),
        address: address.clone(),
        now_ms: now,
    };
    let line = |action: &str| NewAuditLine {
        at_ms: now,
        who: typed.account.chars().take(60).collect(),
        address: address.clone(),
        action: action.to_owned(),
        subject: "console".to_owned(),
        details: String::new(),
    };
    let (good, bad) = (line("sign_in"), line("sign_in.refused"));
    let sign_in = move |store: &Store| {
        let known = store.account(&typed.account)?;
        let is_allowed = known.as_ref().is_some_and(|known| !known.is_disabled);
        // An unknown account takes as long as a wrong password.
        let expected = known.map_or_else(|| secrets::verifier("no such account"), |known| known.password);
        let is_good = secrets::matches(&typed.password, &expected) && is_allowed;
        store.change(|change| {
            change.end_old_sessions(now - WHOLE_MS, now - IDLE_MS)?;
            if is_good {
                change.begin_session(&session)?;
            }
            change.audit(if is_good { &good } else { &bad })
        })?;
        Ok(is_good)
    };
    if hub.ask(sign_in).await? {
        let to = Redirect::to("/pos/console/");
        Ok(([(header::SET_COOKIE, cookie)], to).into_response())
    } else {
        let form = form(&headers, Some("The account or the password is wrong."));
        Ok((StatusCode::UNAUTHORIZED, form).into_response())
    }
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

pub(crate) async fn end(
    State(hub): State<Hub>,
    headers: HeaderMap,
    Posted { visitor, form: Nothing {} }: Posted<Nothing>,
) -> Result<Response, Problem> {
    let (token, line) = (visitor.token_hash, visitor.line("sign_out", "console", ""));
    let end = move |store: &Store| {
        store.change(|change| {
            change.end_session(token)?;
            change.audit(&line)
        })
    };
    hub.ask(end).await?;
    let cookie = cookie(&headers, "").map(|cookie| [(header::SET_COOKIE, cookie)]);
    Ok((cookie, Redirect::to("/pos/console/sign-in")).into_response())
}

/// Thirty-two random bytes.
fn random_hex() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    hex::encode(bytes)
}
