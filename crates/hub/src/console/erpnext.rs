//! The connection with ERPNext: which site and as whom, and setting the site up step by step.

use super::{
    page::page,
    problem::Problem,
    session::{Posted, Visitor},
    words::ago,
};
use crate::{
    Hub, SITE_URL_FACT,
    site::{Client, Credential, SERVICE, Setting, Site, Wishes},
    state::now_ms,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use holdfast_erpnext::{
    doctor::{Examine, Severity},
    provision::{Applied, Plan},
    site::Look,
};
use holdfast_store::{Role, Store};
use maud::{Markup, html};
use serde::Deserialize;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

const HERE: &str = "/pos/console/erpnext";

/// A plan that somebody looks at is kept this long, milliseconds.
const PLAN_MS: i64 = 15 * 60_000;

/// Plans that people look at, by session, with the account they are to be carried out by. Only in memory: an administrator's key
/// is never stored.
#[derive(Debug, Default)]
pub(crate) struct Plans(Mutex<HashMap<[u8; 32], Planned>>);

#[derive(Clone, Debug)]
struct Planned {
    plan: Plan,
    site: Arc<Site>,
    at_ms: i64,
}

impl Plans {
    fn keep(&self, session: [u8; 32], planned: Planned) {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.retain(|_, other| planned.at_ms - other.at_ms < PLAN_MS);
        plans.insert(session, planned);
    }

    fn take(&self, session: [u8; 32]) -> Option<Planned> {
        let planned = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&session)?;
        (now_ms() - planned.at_ms < PLAN_MS).then_some(planned)
    }
}

pub(crate) async fn show(State(hub): State<Hub>, visitor: Visitor, headers: HeaderMap) -> Result<Response, Problem> {
    let facts = |store: &Store| {
        let users: BTreeSet<String> =
            store.terminals()?.into_iter().map(|t| t.account).filter(|account| account.contains('@')).collect();
        let site: Option<holdfast_erpnext::Site> =
            store.fact(crate::SITE_FACT)?.and_then(|json| serde_json::from_str(&json).ok());
        Ok((users, site, store.mirror_counts()?))
    };
    let (mut users, known, counts) = hub.ask(facts).await?;
    users.extend(known.iter().map(|site| site.user.clone()).filter(|user| user != "Administrator"));
    let is_administrator = visitor.role >= Role::Administrator;
    let content = html! {
        @match hub.site() {
            Some(site) => {
                (connection(&site, known.as_ref()))
                (mirror(&hub, &counts))
            }
            None => p.notice { "This hub is not connected with ERPNext. Sales are kept here until it is." }
        }
        @if hub.site().is_some() && is_administrator {
            form.inline method="post" action="/pos/console/erpnext/doctor" {
                (visitor.key())
                button type="submit" { "Examine the site" }
                span.quiet { "Looks at connection, rights and profiles, and says what is wrong. Changes nothing." }
            }
        }
        @if is_administrator {
            @if hub.site().is_none_or(|site| !site.is_given()) { (connect_form(&visitor, hub.site().as_deref())) }
            @if hub.site().is_some() { (plan_form(&visitor, &users, &own_address(&headers))) }
        }
    };
    Ok(page(&visitor, "erpnext", "ERPNext", &content))
}

fn connection(site: &Site, known: Option<&holdfast_erpnext::Site>) -> Markup {
    html! {
        dl {
            dt { "Site" } dd { (site.client().url()) }
            @if let Some(known) = known {
                dt { "ERPNext" } dd { (known.erpnext.map_or("is not installed there".to_owned(), |version| version.to_string())) }
                dt { "The hub acts as" } dd { (known.user) }
                dt { "Time zone" } dd { (known.time_zone) }
                dt { "Clock" } dd { (clock(known.clock_ahead_ms)) }
                dt { "Sales become" } dd { (known.invoice_type.doctype()) }
            } @else {
                dt { "State" } dd { span.tag.warn { "not reached yet" } }
            }
        }
    }
}

fn clock(ahead_ms: i64) -> String {
    match ahead_ms / 1000 {
        -2..=2 => "as the hub's".to_owned(),
        seconds if seconds > 0 => format!("{seconds} s ahead of the hub's"),
        seconds => format!("{} s behind the hub's", -seconds),
    }
}

fn mirror(hub: &Hub, counts: &[(String, u64)]) -> Markup {
    let status = hub.watch.all().remove("pull");
    html! {
        section {
            h2 { "What was read" }
            @if let Some(status) = status { p { (status.words) " " span.quiet { (ago(status.since_ms)) } } }
            @if !counts.is_empty() {
                details {
                    summary { (counts.iter().map(|(_, count)| count).sum::<u64>()) " documents of " (counts.len()) " kinds" }
                    dl { @for (doctype, count) in counts { dt { (doctype) } dd { (count) } } }
                }
            }
        }
    }
}

fn connect_form(visitor: &Visitor, site: Option<&Site>) -> Markup {
    html! {
        section {
            h2 { @if site.is_some() { "Change the key" } @else { "Connect" } }
            p.quiet {
                "Make a user for the hub in ERPNext, and an API key for it: User, Settings, API Access, Generate Keys. The secret is \
                 kept here, sealed, and shown to nobody."
            }
            form.stack method="post" action="/pos/console/erpnext/connect" {
                (visitor.key())
                label { "Address of the site" input name="url" type="url" required placeholder="https://erp.example.com"
                    value=[site.map(|site| site.client().url().as_str())]; }
                label { "API key" input name="key" required autocomplete="off"; }
                label { "API secret" input name="secret" type="password" required autocomplete="off"; }
                button.primary type="submit" { "Connect" }
            }
        }
    }
}

fn plan_form(visitor: &Visitor, users: &BTreeSet<String>, address: &str) -> Markup {
    html! {
        section {
            h2 { "Set the site up" }
            p.quiet {
                "Holdfast needs a role with exactly the rights it uses, and a few fields. You see every step before anything is \
                 changed, and all of it can be taken back. It takes a user with the role System Manager, once."
            }
            form.stack method="post" action="/pos/console/erpnext/plan" {
                (visitor.key())
                label {
                    "Users who get the role, one a line: the hub's own, and each who sets counters up"
                    textarea name="users" rows="3" { @for user in users { (user) "\n" } }
                }
                label { "This hub's address, as ERPNext reaches it" input name="hub_url" type="url" value=(address); }
                label.check { input type="checkbox" name="webhooks" value="yes"; "Webhooks: changes arrive within seconds" }
                label.check { input type="checkbox" name="oauth" value="yes"; "OAuth: the hub keeps no passwords" }
                label { "API key of a System Manager, if the hub's user is none" input name="key" autocomplete="off"; }
                label { "Its secret; neither is kept" input name="secret" type="password" autocomplete="off"; }
                button.primary type="submit" { "Show what would be done" }
            }
        }
    }
}

/// Where this very page was asked for.
fn own_address(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = text("x-forwarded-proto").filter(|proto| *proto == "https").unwrap_or("http");
    text(header::HOST.as_str()).map(|host| format!("{scheme}://{host}")).unwrap_or_default()
}

/// Examines the site and says what is wrong.
pub(crate) async fn doctor(
    State(hub): State<Hub>,
    Posted { visitor, form: Nothing {} }: Posted<Nothing>,
) -> Result<Response, Problem> {
    visitor.must_be(Role::Administrator)?;
    let bad = |words: &str| Problem::new(StatusCode::BAD_GATEWAY, words);
    let site = hub.site().ok_or_else(|| Problem::new(StatusCode::CONFLICT, "The hub is not connected yet."))?;
    let examined = site.hold(Examine::new(now_ms())).await.map_err(|error| bad(&error.to_string()))?;
    let findings = examined.map_err(|trouble| bad(&format!("ERPNext: {trouble}.")))?;
    let content = html! {
        @if findings.is_empty() { p.notice { "Everything is as it should be." } }
        @for finding in &findings {
            section.card {
                strong { (finding.about) } " "
                @match finding.severity {
                    Severity::Error => { span.tag.bad { "keeps the shop from selling or booking" } }
                    Severity::Warning => { span.tag.warn { "warning" } }
                    Severity::Note => { span.tag { "note" } }
                }
                p { (finding.what) " " (finding.remedy) }
            }
        }
        p { a href=(HERE) { "Back to ERPNext" } }
    };
    Ok(page(&visitor, "erpnext", "What was found", &content))
}

#[derive(Deserialize)]
pub(crate) struct Connect {
    url: String,
    key: String,
    secret: String,
}

pub(crate) async fn connect(
    State(hub): State<Hub>,
    Posted { visitor, form }: Posted<Connect>,
) -> Result<Response, Problem> {
    visitor.must_be(Role::Administrator)?;
    let bad = |words: &str| Problem::new(StatusCode::BAD_REQUEST, words);
    if hub.site().is_some_and(|site| site.is_given()) {
        return Err(bad("The hub was started with a key of its own; the console cannot change that."));
    }
    let setting = Setting::of(&form.url).ok_or_else(|| bad("This is no address of a site."))?;
    let client = Client::new(&setting).map_err(|error| bad(&error.to_string()))?;
    let credential = Credential::Key { key: form.key.trim().to_owned(), secret: form.secret.trim().to_owned() };
    let site = Site::new(client, Arc::clone(&hub.store), hub.vault.clone(), None);
    let look = site.acting_as(credential.clone()).hold(Look::new(now_ms())).await;
    let known = look.map_err(|error| bad(&error.to_string()))?.map_err(|trouble| {
        tracing::info!(%trouble, "a site was tried");
        bad(&format!("The site could not be looked at: {trouble}."))
    })?;
    let (url, line) = (setting.url.to_string(), visitor.line("erpnext.connected", setting.url.as_str(), &known.user));
    let keep = move |store: &Store| {
        let is_other = store.fact(SITE_URL_FACT)?.is_some_and(|known| known != url);
        if is_other && !store.mirror_counts()?.is_empty() {
            return Ok(false);
        }
        store.change(|change| {
            change.set_fact(SITE_URL_FACT, &url)?;
            change.audit(&line)
        })?;
        Ok(true)
    };
    if !hub.ask(keep).await? {
        return Err(bad("This hub's data belongs to another site. A new site needs a hub with data of its own."));
    }
    site.keep(SERVICE, &credential).await.map_err(|error| bad(&error.to_string()))?;
    hub.connect(Some(site));
    Ok(Redirect::to(HERE).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    users: String,
    hub_url: String,
    #[serde(default)]
    webhooks: String,
    #[serde(default)]
    oauth: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    secret: String,
}

pub(crate) async fn plan(
    State(hub): State<Hub>,
    Posted { visitor, form }: Posted<Wanted>,
) -> Result<Response, Problem> {
    visitor.must_be(Role::Administrator)?;
    let site = hub.site().ok_or_else(|| Problem::new(StatusCode::CONFLICT, "The hub is not connected yet."))?;
    let wishes = Wishes {
        users: form.users.lines().map(|user| user.trim().to_owned()).filter(|user| !user.is_empty()).collect(),
        hub_url: Some(form.hub_url.trim().to_owned()).filter(|url| Setting::of(url).is_some()),
        oauth: form.oauth == "yes",
        webhooks: form.webhooks == "yes",
    };
    let site = if form.key.trim().is_empty() {
        site
    } else {
        let (key, secret) = (form.key.trim().to_owned(), form.secret.trim().to_owned());
        Arc::new(site.acting_as(Credential::Key { key, secret }))
    };
    let plan = site.survey(&wishes).await.map_err(|error| Problem::new(StatusCode::BAD_GATEWAY, &error.to_string()))?;
    let content = planned(&visitor, &plan);
    hub.plans.keep(visitor.token_hash, Planned { plan, site, at_ms: now_ms() });
    Ok(page(&visitor, "erpnext", "What would be done", &content))
}

fn planned(visitor: &Visitor, plan: &Plan) -> Markup {
    let (to_do, to_undo) = (plan.to_do(), plan.to_undo());
    html! {
        p { "Nothing has been changed yet. You would do this as " strong { (plan.site.user) } "." }
        section {
            @if to_do.is_empty() { p.notice { "Everything is there. There is nothing to do." } }
            @else {
                ol.plan { @for sentence in &to_do { li { (sentence) } } }
                form method="post" action="/pos/console/erpnext/apply" {
                    (visitor.key())
                    button.primary type="submit" { "Do these " (to_do.len()) " steps" }
                }
            }
        }
        @if !to_undo.is_empty() {
            details {
                summary { "Take everything back instead" }
                p.quiet { "The fields go with what they hold. Postings then have nothing by which they are known again." }
                ol.plan { @for sentence in &to_undo { li { (sentence) } } }
                form method="post" action="/pos/console/erpnext/take-back" {
                    (visitor.key())
                    button type="submit" { "Take these " (to_undo.len()) " steps back" }
                }
            }
        }
        p { a href=(HERE) { "Back, and change nothing" } }
    }
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

pub(crate) async fn apply(
    State(hub): State<Hub>,
    Posted { visitor, form: Nothing {} }: Posted<Nothing>,
) -> Result<Response, Problem> {
    let Planned { plan, site, .. } = kept(&hub, &visitor)?;
    let line = visitor.line("erpnext.provisioned", site.client().url().as_str(), &plan.site.user);
    let applied = site.provision(&plan, line).await;
    finish(&visitor, applied.map_err(|error| Problem::new(StatusCode::BAD_GATEWAY, &error.to_string()))?)
}

pub(crate) async fn take_back(
    State(hub): State<Hub>,
    Posted { visitor, form: Nothing {} }: Posted<Nothing>,
) -> Result<Response, Problem> {
    let Planned { plan, site, .. } = kept(&hub, &visitor)?;
    let line = visitor.line("erpnext.taken_back", site.client().url().as_str(), &plan.site.user);
    let applied = site.take_back(&plan, line).await;
    finish(&visitor, applied.map_err(|error| Problem::new(StatusCode::BAD_GATEWAY, &error.to_string()))?)
}

fn kept(hub: &Hub, visitor: &Visitor) -> Result<Planned, Problem> {
    visitor.must_be(Role::Administrator)?;
    let planned = hub.plans.take(visitor.token_hash);
    planned.ok_or_else(|| Problem::new(StatusCode::CONFLICT, "The plan is too old. Please look at it again."))
}

#[expect(clippy::unnecessary_wraps, reason = "the last word of handlers that can fail before")]
fn finish(visitor: &Visitor, applied: Applied) -> Result<Response, Problem> {
    let Applied { plan, refused } = applied;
    let content = html! {
        @if refused.is_empty() { p.notice { "Everything was done." } }
        @else {
            p.notice.bad { (refused.len()) " steps were refused by ERPNext. The others were done." }
            ul { @for refusal in &refused { li { (refusal.sentence) br; span.quiet { (refusal.message) } } } }
        }
        @let open = plan.to_do();
        @if !open.is_empty() { h2 { "Not there" } ol.plan { @for sentence in &open { li { (sentence) } } } }
        p { a href=(HERE) { "Back to ERPNext" } }
    };
    Ok(page(visitor, "erpnext", "Done", &content))
}
