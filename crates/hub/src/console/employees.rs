//! Employees and their PINs. A PIN that is set cannot be seen again by anybody.

use super::{
    page::page,
    problem::Problem,
    session::{Posted, Visitor},
};
use crate::{Hub, secrets};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use holdfast_store::{EmployeeRow, Role, Store};
use maud::{Markup, html};
use serde::Deserialize;

const HERE: &str = "/pos/console/employees";

/// What an employee may be, as the counters understand it.
const ROLES: [&str; 2] = ["Cashier", "Supervisor"];

pub(crate) async fn list(State(hub): State<Hub>, visitor: Visitor) -> Result<Response, Problem> {
    let employees = hub.ask(Store::employees).await?;
    let content = html! {
        p.quiet {
            "Who may sign in at the counters. A counter learns of a change at its next contact with the hub."
            @if hub.site().is_some() { " Employees come from ERPNext; PINs are only kept here." }
        }
        @for employee in &employees { (one(&visitor, employee, hub.site().is_some())) }
        @if employees.is_empty() { p.quiet { "There is nobody yet." } }
        @if hub.site().is_none() && visitor.role >= Role::Manager { (new(&visitor)) }
    };
    Ok(page(&visitor, "employees", "Employees", &content))
}

fn one(visitor: &Visitor, employee: &EmployeeRow, is_of_site: bool) -> Markup {
    let has_pin = employee.pin.is_some();
    html! {
        section.card.row {
            div {
                strong { (employee.full_name) } " "
                span.tag { (employee.role) } " "
                @if has_pin { span.tag.good { "has a PIN" } } @else { span.tag.warn { "no PIN: cannot sign in" } }
                div.quiet { (employee.name) }
            }
            @if visitor.role >= Role::Manager {
                form.inline method="post" action="/pos/console/employees/pin" {
                    (visitor.key())
                    input type="hidden" name="employee" value=(employee.name);
                    label.short {
                        span.sr { "New PIN for " (employee.full_name) }
                        input name="pin" type="password" inputmode="numeric" pattern="[0-9]{4,8}" minlength="4" maxlength="8"
                            required autocomplete="off" placeholder="New PIN";
                    }
                    button type="submit" { @if has_pin { "Change" } @else { "Set" } }
                }
                @if has_pin {
                    form.inline method="post" action="/pos/console/employees/pin" {
                        (visitor.key())
                        input type="hidden" name="employee" value=(employee.name);
                        input type="hidden" name="pin" value="";
                        button type="submit" { "Take the PIN away" }
                    }
                }
                @if !is_of_site {
                    form.inline method="post" action="/pos/console/employees/remove" {
                        (visitor.key())
                        input type="hidden" name="employee" value=(employee.name);
                        button type="submit" { "Remove" }
                    }
                }
            }
        }
    }
}

fn new(visitor: &Visitor) -> Markup {
    html! {
        section {
            h2 { "Add somebody" }
            form.stack method="post" action=(HERE) {
                (visitor.key())
                label { "Name" input name="full_name" required maxlength="140" autocomplete="off"; }
                label { "Number or short name, unique in the shop" input name="name" required maxlength="60" autocomplete="off"; }
                label { "Role" select name="role" { @for role in ROLES { option { (role) } } } }
                button.primary type="submit" { "Add" }
            }
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct New {
    name: String,
    full_name: String,
    role: String,
}

pub(crate) async fn add(State(hub): State<Hub>, Posted { visitor, form }: Posted<New>) -> Result<Response, Problem> {
    visitor.must_be(Role::Manager)?;
    let (name, full_name) = (form.name.trim().to_owned(), form.full_name.trim().to_owned());
    if hub.site().is_some() {
        return Err(Problem::new(StatusCode::CONFLICT, "Employees come from ERPNext; please add them there."));
    }
    if name.is_empty() || full_name.is_empty() || name.len() > 60 || full_name.len() > 140 {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "An employee needs a name and a number, neither of them too long.",
        ));
    }
    let Some(role) = ROLES.into_iter().find(|role| *role == form.role) else {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "There is no such role."));
    };
    let line = visitor.line("employee.set", &name, role);
    let add = move |store: &Store| {
        store.change(|change| {
            change.set_employee(&name, &full_name, role)?;
            change.audit(&line)
        })
    };
    hub.ask(add).await?;
    Ok(Redirect::to(HERE).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Pin {
    employee: String,
    pin: String,
}

pub(crate) async fn set_pin(
    State(hub): State<Hub>,
    Posted { visitor, form: Pin { employee, pin } }: Posted<Pin>,
) -> Result<Response, Problem> {
    visitor.must_be(Role::Manager)?;
    if !pin.is_empty()
        && let Err(words) = secrets::good_pin(&pin)
    {
        return Err(Problem::new(StatusCode::BAD_REQUEST, words));
    }
    let line = visitor.line(if pin.is_empty() { "pin.taken_away" } else { "pin.set" }, &employee, "");
    let set = move |store: &Store| {
        let stored = (!pin.is_empty()).then(|| secrets::pin(&pin));
        store.change(|change| {
            let is_known = change.set_pin(&employee, stored.as_ref())?;
            if is_known {
                change.audit(&line)?;
            }
            Ok(is_known)
        })
    };
    after(hub.ask(set).await?)
}

#[derive(Deserialize)]
pub(crate) struct Somebody {
    employee: String,
}

pub(crate) async fn remove(
    State(hub): State<Hub>,
    Posted { visitor, form: Somebody { employee } }: Posted<Somebody>,
) -> Result<Response, Problem> {
    visitor.must_be(Role::Manager)?;
    let line = visitor.line("employee.removed", &employee, "");
    let remove = move |store: &Store| {
        store.change(|change| {
            let is_known = change.remove_employee(&employee)?;
            if is_known {
                change.audit(&line)?;
            }
            Ok(is_known)
        })
    };
    after(hub.ask(remove).await?)
}

fn after(is_known: bool) -> Result<Response, Problem> {
    if is_known {
        Ok(Redirect::to(HERE).into_response())
    } else {
        Err(Problem::new(StatusCode::NOT_FOUND, "There is no such employee."))
    }
}
