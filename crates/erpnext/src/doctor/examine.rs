//! Asking a site everything that a doctor wants to know.

use super::{Finding, Findings, of_connection, of_masters};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    json::{check, rows, text},
    masters::Masters,
    provision::{LEVEL, ROLE, rights},
    pull::{Change, Cursor, ReadPage, ReadSome, Scope, wanted},
    request::{List, Request},
    site::{Look, Site},
};
use serde_json::{Value, json};
use std::collections::{BTreeSet, VecDeque};

/// What is read, in this order.
const READ: &[&str] = &[
    "System Settings",
    "Global Defaults",
    "Stock Settings",
    "Company",
    "Currency",
    "Currency Exchange",
    "Account",
    "Warehouse",
    "Price List",
    "Sales Taxes and Charges Template",
    "Mode of Payment",
    "Pricing Rule",
    "Coupon Code",
    "User",
    "Employee",
    "POS Profile",
];

/// Examines a site with the hub's own account. It ends with findings whatever is wrong, unless an answer is lost or the site is busy
/// in the middle.
#[derive(Clone, Debug)]
pub struct Examine {
    now_ms: i64,
    look: Look,
    site: Site,
    found: Vec<Finding>,
    masters: Masters,
    asks: VecDeque<Ask>,
    current: Option<Current>,
}

/// A question that is still to be asked.
#[derive(Clone, Debug)]
enum Ask {
    /// Whether the account may do this with a doctype.
    Right(&'static str, &'static str),
    Scheduler,
    /// Custom fields: ours, and mandatory ones of others.
    Fields,
    Read(&'static str),
    /// The default customers of the profiles.
    Customers,
}

#[derive(Clone, Debug)]
enum Current {
    Look,
    Ask(Ask),
    Page(&'static str, Box<ReadPage>),
    Customers(Box<ReadSome>),
}

impl Examine {
    /// Begins; `now_ms` is this machine's clock.
    pub fn new(now_ms: i64) -> Self {
        let read = |right: crate::provision::Right| {
            let all = std::iter::once("read").chain(right.more.iter().copied());
            all.map(move |what| Ask::Right(right.doctype, what))
        };
        let documents = rights().into_iter().filter(|right| right.permlevel == 0);
        let mut asks: VecDeque<Ask> = documents.flat_map(read).collect();
        asks.extend([Ask::Scheduler, Ask::Fields]);
        asks.extend(READ.iter().copied().map(Ask::Read));
        asks.push_back(Ask::Customers);
        Self {
            now_ms,
            look: Look::new(now_ms),
            site: Site::default(),
            found: Vec::new(),
            masters: Masters::default(),
            asks,
            current: None,
        }
    }

    fn scope(&self) -> Scope {
        Scope::new(&self.site, LEVEL, Vec::new(), self.now_ms)
    }

    fn next_ask(&mut self) -> Step<Result<Vec<Finding>, Trouble>> {
        loop {
            let Some(ask) = self.asks.pop_front() else {
                self.found.extend(of_masters(&self.masters, &self.site));
                self.found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
                return Step::Done(Ok(std::mem::take(&mut self.found)));
            };
            let request = match &ask {
                Ask::Right(doctype, what) => {
                    let query = [("doctype", *doctype), ("docname", ""), ("perm_type", *what)];
                    let query = query.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
                    Request::look("frappe.client.has_permission", query)
                }
                Ask::Scheduler => Request::look("frappe.utils.scheduler.get_scheduler_status", Vec::new()),
                Ask::Fields => Request::list(&List {
                    doctype: "Custom Field",
                    parent: None,
                    fields: vec!["name", "dt", "fieldname", "label", "reqd", "default"],
                    filters: vec![json!(["dt", "in", ["POS Invoice", "POS Invoice Item", "Customer", "POS Profile"]])],
                    order_by: "name asc",
                    limit: 0,
                }),
                Ask::Read(doctype) => {
                    let wanted = wanted(doctype).expect("everything that is read is wanted");
                    let mut page = ReadPage::new(wanted, &self.scope(), &Cursor::default(), self.now_ms);
                    let Step::Ask(request) = page.next(None) else { continue };
                    self.current = Some(Current::Page(doctype, Box::new(page)));
                    return Step::Ask(request);
                }
                Ask::Customers => {
                    let profiles = self.masters.documents("POS Profile").iter();
                    let names: BTreeSet<String> = profiles.map(|profile| text(&profile["customer"])).collect();
                    let names = names.into_iter().filter(|name| !name.is_empty()).collect();
                    let wanted = wanted("Customer").expect("it is wanted");
                    let mut some = ReadSome::new(wanted, &self.scope(), names, &[]);
                    let Step::Ask(request) = some.next(None) else { continue };
                    self.current = Some(Current::Customers(Box::new(some)));
                    return Step::Ask(request);
                }
            };
            self.current = Some(Current::Ask(ask));
            return Step::Ask(request);
        }
    }

    fn heard_look(&mut self, heard: Option<Heard>) -> Step<Result<Vec<Finding>, Trouble>> {
        match self.look.next(heard) {
            Step::Ask(request) => {
                self.current = Some(Current::Look);
                Step::Ask(request)
            }
            Step::Wait { ms } => Step::Wait { ms },
            Step::Done(look) => {
                self.found = of_connection(&look);
                match look {
                    Ok(site) if site.erpnext.is_some() => {
                        self.site = site;
                        self.next_ask()
                    }
                    _ => Step::Done(Ok(std::mem::take(&mut self.found))),
                }
            }
        }
    }

    fn heard_ask(&mut self, ask: &Ask, heard: &Heard) -> Result<(), Trouble> {
        let answer = match heard.data() {
            Ok(answer) => answer,
            // What the account may not ask is said where its rights are.
            Err(Trouble::Refused { .. }) => return Ok(()),
            Err(trouble) => return Err(trouble),
        };
        match ask {
            Ask::Right(doctype, what) if !check(&answer["has_permission"]) => {
                let mut findings = Findings::about(format!("User {}", self.site.user));
                findings.error(
                    format!("It may not {what} {doctype}."),
                    format!("Give it the role \"{ROLE}\", or run provisioning if the role lacks the right."),
                );
                self.found.extend(findings.found);
            }
            Ask::Scheduler if answer["status"] != "active" => {
                let mut findings = Findings::about("Site");
                findings.error(
                    "Its scheduler does not run: closings of ten sales and more, which ERPNext does in the background, stay \
                     queued.",
                    "Enable it on the server: bench --site <site> enable-scheduler.",
                );
                self.found.extend(findings.found);
            }
            Ask::Fields => self.found.extend(of_fields(rows(&answer))),
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, doctype: &str, changes: Vec<Change>) {
        for change in changes {
            if let Change::Upsert(row) = change {
                self.masters.take(doctype, row);
            }
        }
    }
}

/// Judges the custom fields: ours must be there, and others' must not be in the way.
fn of_fields(fields: &[Value]) -> Vec<Finding> {
    let mut found = Vec::new();
    let has = |name: &str| fields.iter().any(|row| row["name"] == name);
    if !has("POS Invoice-holdfast_id") || !has("POS Profile-holdfast_section") {
        let mut findings = Findings::about("Site");
        findings.error("It is not provisioned.", "Run holdfast provision.");
        found.extend(findings.found);
    }
    for row in fields.iter().filter(|row| row["dt"] != "POS Profile" && check(&row["reqd"])) {
        if text(&row["default"]).is_empty() {
            let mut findings = Findings::about(text(&row["dt"]));
            findings.error(
                format!(
                    "The field \"{}\" is mandatory and has no default: a sale would be refused.",
                    text(&row["label"])
                ),
                "Give it a default, or make it optional.",
            );
            found.extend(findings.found);
        }
    }
    found
}

impl Conversation for Examine {
    type Outcome = Result<Vec<Finding>, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        match self.current.take() {
            None | Some(Current::Look) => self.heard_look(heard),
            Some(Current::Ask(ask)) => {
                let Some(heard) = heard else {
                    self.asks.push_front(ask);
                    return self.next_ask();
                };
                match self.heard_ask(&ask, &heard) {
                    Ok(()) => self.next_ask(),
                    Err(trouble) => Step::Done(Err(trouble)),
                }
            }
            Some(Current::Page(doctype, mut page)) => match page.next(heard) {
                Step::Ask(request) => {
                    self.current = Some(Current::Page(doctype, page));
                    Step::Ask(request)
                }
                Step::Wait { ms } => Step::Wait { ms },
                // Its right is missing, which has been said.
                Step::Done(Err(Trouble::Refused { .. })) => self.next_ask(),
                Step::Done(Err(trouble)) => Step::Done(Err(trouble)),
                Step::Done(Ok(read)) => {
                    self.take(doctype, read.changes);
                    if !read.has_more {
                        return self.next_ask();
                    }
                    let wanted = wanted(doctype).expect("it was read");
                    let mut page = ReadPage::new(wanted, &self.scope(), &read.cursor, self.now_ms);
                    let step = page.next(None);
                    self.current = Some(Current::Page(doctype, Box::new(page)));
                    match step {
                        Step::Ask(request) => Step::Ask(request),
                        Step::Wait { .. } | Step::Done(_) => self.next_ask(),
                    }
                }
            },
            Some(Current::Customers(mut some)) => match some.next(heard) {
                Step::Ask(request) => {
                    self.current = Some(Current::Customers(some));
                    Step::Ask(request)
                }
                Step::Wait { ms } => Step::Wait { ms },
                Step::Done(Err(Trouble::Refused { .. })) => self.next_ask(),
                Step::Done(Err(trouble)) => Step::Done(Err(trouble)),
                Step::Done(Ok(changes)) => {
                    self.take("Customer", changes);
                    self.next_ask()
                }
            },
        }
    }
}
