//! The first account. Whoever makes it has to know the code that the hub wrote into its log: being the first to find the address
//! is not enough.

use super::{page::open_page, problem::Problem, session::must_be_ours};
use crate::{Hub, address::Address, limits, secrets, state::now_ms};
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use holdfast_store::{AccountRow, NewAuditLine, Role, Store};
use maud::{Markup, html};
use serde::Deserialize;

/// The code of this start of the hub.
#[derive(Debug)]
pub(crate) struct SetUp(String);

impl SetUp {
    /// A fresh code, of letters and digits that nobody confuses.
    pub(crate) fn new() -> Self {
        const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let mut bytes = [0; 12];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
    }

    /// The code in groups of four.
    pub(crate) fn words(&self) -> String {
        format!("{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }

    fn matches(&self, typed: &str) -> bool {
        let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        typed.eq_ignore_ascii_case(&self.0)
    }
}

#[derive(Deserialize)]
pub(crate) struct First {
    code: String,
    name: String,
    password: String,
    again: String,
}

pub(crate) async fn show(State(hub): State<Hub>) -> Result<Response, Problem> {
    if !hub.ask(Store::accounts).await?.is_empty() {
        return Ok(Redirect::to("/pos/console/sign-in").into_response());
    }
    Ok(form(None))
}

fn form(trouble: Option<&str>) -> Response {
    let content: Markup = html! {
        p { "This hub has no account yet. The code is in the hub's log, in the line that begins with “no account yet”." }
        @if let Some(trouble) = trouble { p.notice.bad { (trouble) } }
        form.stack method="post" {
            label { "Code from the log" input name="code" required autocomplete="off" autocapitalize="characters"; }
            label { "Your account's name" input name="name" required autocomplete="username" maxlength="60"; }
            label { "Password" input name="password" type="password" required minlength="10" autocomplete="new-password"; }
            label { "The same again" input name="again" type="password" required autocomplete="new-password"; }
            button.primary type="submit" { "Make the first account" }
        }
    };
    open_page("Welcome", &content)
}

pub(crate) async fn make(
    State(hub): State<Hub>,
    Address(address): Address,
    headers: HeaderMap,
    Form(typed): Form<First>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    hub.limits.take(&format!("address {address}"), limits::ENROLMENT_BY_ADDRESS)?;
    if !hub.set_up.matches(&typed.code) {
        return Ok(form(Some("This is not the code of the hub's log.")));
    }
    let name = typed.name.trim().to_owned();
    if let Err(words) = secrets::good_password(&name, &typed.password, &typed.again) {
        return Ok(form(Some(words)));
    }
    let account = AccountRow {
        name: name.clone(),
        role: Role::Administrator,
        password: secrets::verifier(&typed.password),
        is_disabled: false,
    };
    let line = NewAuditLine {
        at_ms: now_ms(),
        who: name.clone(),
        address,
        action: "account.first".to_owned(),
        subject: name,
        details: String::new(),
    };
    let make = move |store: &Store| {
        if !store.accounts()?.is_empty() {
            return Ok(false);
        }
        store.change(|change| {
            change.set_account(&account)?;
            change.audit(&line)
        })?;
        Ok(true)
    };
    if hub.ask(make).await? {
        Ok(Redirect::to("/pos/console/sign-in").into_response())
    } else {
        Err(Problem::new(StatusCode::CONFLICT, "There is an account already."))
    }
}
