//! Accounts of the console and who is signed in.

use super::{
    page::page,
    problem::Problem,
    session::{Posted, Visitor},
    words::ago,
};
use crate::{Hub, secrets};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use holdfast_store::{AccountRow, Role, SessionRow, Store};
use maud::{Markup, html};
use serde::Deserialize;

const HERE: &str = "/pos/console/accounts";

pub(crate) async fn list(State(hub): State<Hub>, visitor: Visitor) -> Result<Response, Problem> {
    let (accounts, sessions) = hub.ask(|store| Ok((store.accounts()?, store.sessions()?))).await?;
    let content = html! {
        section {
            h2 { "Your password" }
            form.stack method="post" action="/pos/console/accounts/password" {
                (visitor.key())
                label { "Present password" input name="present" type="password" required autocomplete="current-password"; }
                label { "New password" input name="password" type="password" required minlength="10" autocomplete="new-password"; }
                label { "The same again" input name="again" type="password" required autocomplete="new-password"; }
                button type="submit" { "Change it" }
            }
        }
        @if visitor.role >= Role::Administrator {
            section { h2 { "Accounts" } (table(&accounts)) (set_form(&visitor)) }
        }
        section { h2 { "Signed in" } (signed_in(&visitor, &sessions)) }
    };
    Ok(page(&visitor, "accounts", "Accounts", &content))
}

fn table(accounts: &[AccountRow]) -> Markup {
    html! {
        div.wide {
            table {
                thead { tr { th { "Account" } th { "Role" } } }
                tbody {
                    @for account in accounts {
                        tr {
                            td { (account.name) @if account.is_disabled { " " span.tag.bad { "switched off" } } }
                            td { (account.role.as_str()) }
                        }
                    }
                }
            }
        }
    }
}

fn set_form(visitor: &Visitor) -> Markup {
    html! {
        form.stack method="post" action=(HERE) {
            (visitor.key())
            h3 { "Add an account, or change one" }
            label { "Name" input name="name" required maxlength="60" autocomplete="off"; }
            label {
                "Role"
                select name="role" {
                    @for role in Role::ALL { option value=(role.as_str()) selected[role == Role::Manager] { (role.as_str()) } }
                }
            }
            label { "New password" input name="password" type="password" minlength="10" autocomplete="new-password"; }
            p.quiet { "Leave the password empty to change only the role of an account that is there." }
            label.check { input type="checkbox" name="off" value="yes"; "Switched off" }
            button.primary type="submit" { "Set" }
        }
    }
}

fn signed_in(visitor: &Visitor, sessions: &[SessionRow]) -> Markup {
    html! {
        div.wide {
            table {
                thead { tr { th { "Account" } th { "From" } th { "Since" } th { "Last used" } th {} } }
                tbody {
                    @for session in sessions.iter().filter(|session| shows(visitor, session)) {
                        tr {
                            td { (session.account) @if session.token_hash == visitor.token_hash { " " span.tag { "this one" } } }
                            td { (session.address) }
                            td { (ago(session.made_at_ms)) }
                            td { (ago(session.used_at_ms)) }
                            td {
                                form.inline method="post" action="/pos/console/accounts/session" {
                                    (visitor.key())
                                    input type="hidden" name="session" value=(hex::encode(session.token_hash));
                                    button type="submit" { "End it" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Everybody sees and ends their own sessions, an administrator all.
fn shows(visitor: &Visitor, session: &SessionRow) -> bool {
    visitor.role >= Role::Administrator || session.account == visitor.account
}

#[derive(Deserialize)]
pub(crate) struct Account {
    name: String,
    role: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    off: String,
}

pub(crate) async fn set(
    State(hub): State<Hub>,
    Posted { visitor, form }: Posted<Account>,
) -> Result<Response, Problem> {
    visitor.must_be(Role::Administrator)?;
    let name = form.name.trim().to_owned();
    let Some(role) = Role::from_name(&form.role) else {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "There is no such role."));
    };
    let is_disabled = form.off == "yes";
    if name == visitor.account && (is_disabled || role < Role::Administrator) {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "Nobody takes their own rights away here; ask another administrator.",
        ));
    }
    if !form.password.is_empty()
        && let Err(words) = secrets::good_password(&name, &form.password, &form.password)
    {
        return Err(Problem::new(StatusCode::BAD_REQUEST, words));
    }
    let details = if is_disabled { "switched off" } else { role.as_str() };
    let line = visitor.line("account.set", &name, details);
    let set = move |store: &Store| {
        let password = if form.password.is_empty() {
            store.account(&name)?.map(|known| known.password)
        } else {
            Some(secrets::verifier(&form.password))
        };
        let Some(password) = password else {
            return Ok(false);
        };
        store.change(|change| {
            change.set_account(&AccountRow { name, role, password, is_disabled })?;
            change.audit(&line)
        })?;
        Ok(true)
    };
    if hub.ask(set).await? {
        Ok(Redirect::to(HERE).into_response())
    } else {
        Err(Problem::new(StatusCode::BAD_REQUEST, "A new account needs a password."))
    }
}

#[derive(Deserialize)]
pub(crate) struct NewPassword {
    present: String,
    password: String,
    again: String,
}

pub(crate) async fn change_password(
    State(hub): State<Hub>,
    Posted { visitor, form }: Posted<NewPassword>,
) -> Result<Response, Problem> {
    hub.limits.take(&format!("account {}", visitor.account), crate::limits::ENROLMENT_BY_ACCOUNT)?;
    if let Err(words) = secrets::good_password(&visitor.account, &form.password, &form.again) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, words));
    }
    let line = visitor.line("account.password", &visitor.account, "");
    let account = visitor.account;
    let change = move |store: &Store| {
        let known = store.account(&account)?.filter(|known| secrets::matches(&form.present, &known.password));
        let Some(known) = known else {
            return Ok(false);
        };
        let changed = AccountRow { password: secrets::verifier(&form.password), ..known };
        store.change(|change| {
            change.set_account(&changed)?;
            change.audit(&line)
        })?;
        Ok(true)
    };
    if hub.ask(change).await? {
        Ok(Redirect::to("/pos/console/sign-in").into_response())
    } else {
        Err(Problem::new(StatusCode::FORBIDDEN, "The present password is wrong."))
    }
}

#[derive(Deserialize)]
pub(crate) struct Session {
    session: String,
}

pub(crate) async fn end_session(
    State(hub): State<Hub>,
    Posted { visitor, form }: Posted<Session>,
) -> Result<Response, Problem> {
    let mut token_hash = [0; 32];
    if hex::decode_to_slice(&form.session, &mut token_hash).is_err() {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "There is no such session."));
    }
    let end = move |store: &Store| {
        let session = store.session(token_hash)?.filter(|session| shows(&visitor, session));
        let Some(session) = session else {
            return Ok(());
        };
        let line = visitor.line("session.ended", &session.account, &session.address);
        store.change(|change| {
            change.end_session(token_hash)?;
            change.audit(&line)
        })
    };
    hub.ask(end).await?;
    Ok(Redirect::to(HERE).into_response())
}
