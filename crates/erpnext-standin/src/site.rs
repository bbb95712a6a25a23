//! The site: who asks, what for, and the transaction around it.

use crate::{
    clock::LocalTime,
    json::{Doc, is_set, text},
    meta::{self, DocType, Field},
    pos::pricing::Pricing,
    refused::{self, Refused},
    store::Store,
};
use holdfast_erpnext::{Answer, Method, Request, site::Zone};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// Which ERPNext is stood in for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// ERPNext 15.
    #[default]
    V15,
    /// ERPNext 16: one opening entry a profile, of today; POS Settings choose the kind of invoice.
    V16,
}

/// Fields that version 15 does not have; the DocTypes of the model are version 15's.
const NEW_IN_16: &[(&str, &str)] = &[
    ("POS Closing Entry", "total_taxes_and_charges"),
    ("POS Settings", "invoice_type"),
    ("Sales Invoice", "is_created_using_pos"),
    ("Sales Invoice", "pos_closing_entry"),
];

/// What a site is set to that no document says.
#[derive(Clone, Debug)]
pub struct SiteSettings {
    /// Which ERPNext.
    pub version: Version,
    /// The site's time zone.
    pub zone: Zone,
    /// How long a background job waits before it runs.
    pub job_delay_ms: i64,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self { version: Version::V15, zone: Zone::utc(), job_delay_ms: 2_000 }
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody who is known.
    Guest,
    /// A user, however they proved it.
    User(String),
    /// Whoever this `Authorization` header stands for.
    Header(String),
}

/// A model of an ERPNext site.
#[derive(Clone, Debug)]
pub struct StandIn {
    pub(crate) settings: SiteSettings,
    pub(crate) store: Store,
    pub(crate) pricing: Pricing,
    /// The user of the request at hand.
    pub(crate) user: String,
    /// What the answer says beside its result.
    pub(crate) warnings: Vec<Value>,
    pub(crate) jobs: Vec<Job>,
    /// Background jobs that the transaction at hand starts.
    pub(crate) pending_jobs: Vec<Job>,
    /// Webhooks of the transaction at hand.
    pub(crate) pending_webhooks: Vec<WebhookCall>,
    webhooks: Vec<WebhookCall>,
    custom_fields: BTreeMap<String, Arc<Vec<Field>>>,
    /// Whether the request at hand carries the name of the document that it makes.
    pub(crate) is_name_sent: bool,
    clock_us: i64,
    names: u64,
}

/// A POS Closing Entry that waits to be consolidated.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) due_us: i64,
    pub(crate) user: String,
    pub(crate) closing_entry: String,
}

/// A webhook that the site would call.
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookCall {
    /// The Webhook's name.
    pub webhook: String,
    /// Where to.
    pub url: String,
    /// The document it is about.
    pub document: Doc,
}

impl StandIn {
    /// A site on which nobody has set anything up.
    pub fn empty(settings: SiteSettings) -> Self {
        Self {
            settings,
            store: Store::default(),
            pricing: Pricing::default(),
            user: "Administrator".into(),
            warnings: Vec::new(),
            jobs: Vec::new(),
            pending_jobs: Vec::new(),
            pending_webhooks: Vec::new(),
            webhooks: Vec::new(),
            custom_fields: BTreeMap::new(),
            is_name_sent: false,
            clock_us: 0,
            names: 0,
        }
    }

    /// Answers a request as the site would. The same requests at the same times give the same answers.
    pub fn answer(&mut self, caller: &Caller, request: &Request, now_ms: i64) -> Answer {
        self.advance(now_ms);
        self.warnings.clear();
        let result = self.authenticate(caller).and_then(|user| {
            self.user = user;
            self.is_name_sent = false;
            self.route(request)
        });
        let is_kept = result.is_ok() && request.method != Method::Get;
        self.end(is_kept);
        let mut answer = match result {
            Ok(Body { status, mut whole }) => {
                if !self.warnings.is_empty() {
                    whole["_server_messages"] = refused::server_messages(&self.warnings).into();
                }
                refused::answer(status, &whole)
            }
            Err(refused) => refused.answer(&self.warnings),
        };
        answer.date_ms = Some(now_ms.div_euclid(1000) * 1000);
        answer
    }

    /// Lets time pass without a request: background jobs run.
    pub fn advance(&mut self, now_ms: i64) {
        self.clock_us = self.clock_us.max(now_ms * 1000);
        self.run_jobs();
    }

    /// A document as it is stored.
    pub fn document(&self, doctype: &str, name: &str) -> Option<&Doc> {
        self.store.get(doctype, name).map(Arc::as_ref)
    }

    /// Every document of a DocType, by name.
    pub fn documents(&self, doctype: &str) -> impl Iterator<Item = &Doc> {
        self.store.all(doctype).map(Arc::as_ref)
    }

    /// The webhooks that were called since this was last asked.
    pub fn take_webhooks(&mut self) -> Vec<WebhookCall> {
        std::mem::take(&mut self.webhooks)
    }

    /// Which ERPNext is stood in for.
    pub fn settings(&self) -> &SiteSettings {
        &self.settings
    }

    /// Changes what no document says, such as the version.
    pub fn settings_mut(&mut self) -> &mut SiteSettings {
        &mut self.settings
    }

    /// The site's own time.
    pub(crate) fn now(&self) -> LocalTime {
        LocalTime::new(self.clock_us, &self.settings.zone)
    }

    /// Unix microseconds.
    pub(crate) fn clock_us(&self) -> i64 {
        self.clock_us
    }

    /// The site's time for `modified`; no two documents have the same.
    pub(crate) fn stamp(&mut self) -> String {
        self.clock_us += 1;
        self.now().stamp().to_owned()
    }

    /// A name of ten characters, as Frappe draws them.
    pub(crate) fn hash_name(&mut self) -> String {
        const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuv";
        self.names += 1;
        // An odd factor visits every number once, so that names are unique without looking like a count.
        let mut rest = self.names.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 14;
        let mut name = String::with_capacity(10);
        for _ in 0..10 {
            name.push(char::from(DIGITS[(rest & 31) as usize]));
            rest >>= 5;
        }
        name
    }

    /// A Custom Field's definition or the DocType's own.
    pub(crate) fn field(&self, doctype: &DocType, name: &str) -> Option<Field> {
        let is_new = self.settings.version == Version::V16 && NEW_IN_16.contains(&(doctype.name.as_str(), name));
        let new = is_new.then(|| Field { name: name.to_owned(), kind: "Data".into(), ..Field::default() });
        let own = doctype.field(name).cloned().or(new);
        own.or_else(|| self.custom_fields(&doctype.name).iter().find(|field| field.name == name).cloned())
    }

    /// The Custom Fields of a DocType.
    pub(crate) fn custom_fields(&self, doctype: &str) -> &[Field] {
        self.custom_fields.get(doctype).map_or(&[], |fields| fields)
    }

    /// Reads the Custom Fields again.
    pub(crate) fn read_custom_fields(&mut self) {
        let mut fields: BTreeMap<String, Vec<Field>> = BTreeMap::new();
        for doc in self.store.all("Custom Field") {
            fields.entry(text(doc, "dt").to_owned()).or_default().push(Field::custom(doc));
        }
        for (doctype, fields) in &fields {
            for field in fields.iter().filter(|field| field.is_unique) {
                if !self.store.is_indexed(doctype, &field.name) {
                    self.store.index(doctype, &field.name);
                }
            }
        }
        self.custom_fields = fields.into_iter().map(|(doctype, fields)| (doctype, Arc::new(fields))).collect();
    }

    /// Ends a transaction.
    pub(crate) fn end(&mut self, is_kept: bool) {
        if is_kept {
            self.store.commit();
            self.webhooks.append(&mut self.pending_webhooks);
            self.jobs.append(&mut self.pending_jobs);
        } else {
            self.store.rollback();
            self.pending_webhooks.clear();
            self.pending_jobs.clear();
        }
        self.forget_changed();
    }

    fn forget_changed(&mut self) {
        let changed = self.store.take_changed();
        if changed.iter().any(|(doctype, _)| doctype == "Custom Field") {
            self.read_custom_fields();
        }
        self.pricing.forget(&changed);
    }

    fn authenticate(&self, caller: &Caller) -> Result<String, Refused> {
        let user = match caller {
            Caller::Guest => return Ok("Guest".into()),
            Caller::User(user) => user.clone(),
            Caller::Header(header) => self.user_of(header).ok_or_else(Refused::signed_out)?,
        };
        let is_known =
            user == "Administrator" || self.store.get("User", &user).is_some_and(|user| is_set(user, "enabled"));
        is_known.then_some(user).ok_or_else(Refused::signed_out)
    }

    fn user_of(&self, header: &str) -> Option<String> {
        let (kind, credential) = header.split_once(' ')?;
        match kind.to_ascii_lowercase().as_str() {
            "token" => {
                let (key, secret) = credential.split_once(':')?;
                let user = self.store.with("User", "api_key", key).next()?;
                (text(user, "api_secret") == secret && !secret.is_empty()).then(|| text(user, "name").to_owned())
            }
            "bearer" => {
                let token = self.store.get("OAuth Bearer Token", credential)?;
                let expires_us = crate::json::number(token, "_expires_us") as i64;
                let is_good = text(token, "status") == "Active" && expires_us > self.clock_us;
                is_good.then(|| text(token, "user").to_owned())
            }
            _ => None,
        }
    }
}

/// A good answer.
pub(crate) struct Body {
    pub(crate) status: u16,
    pub(crate) whole: Value,
}

impl Body {
    /// `{"data": ...}`.
    pub(crate) fn data(data: impl Into<Value>) -> Self {
        Self { status: 200, whole: json!({ "data": data.into() }) }
    }

    /// `{"message": ...}`.
    pub(crate) fn message(message: impl Into<Value>) -> Self {
        Self { status: 200, whole: json!({ "message": message.into() }) }
    }
}

/// A DocType that a request names.
pub(crate) fn known_doctype(name: &str) -> Option<&'static DocType> {
    meta::doctype(name)
}
