//! Reads ERPNext's masters into the mirror, round after round, and publishes catalogues when something changed.
//!
//! All it knows is in the store: a restart goes on with the page at which it stopped. A doctype that the account may not read is
//! noted and left out; whatever hinders the whole round is waited for.

mod publish;
mod read;

use super::{Activity, Hindrance};
use crate::{
    SITE_FACT,
    site::{PROVISIONED_FACT, Site},
    state::{Hub, now_ms},
};
use holdfast_erpnext::{
    Trouble,
    pull::{Scope, WANTED, Wanted, Way, wanted},
    site::Look,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

const NAME: &str = "pull";

/// Between two looks at what changes all day, milliseconds.
const OFTEN_MS: i64 = 20_000;

/// Between two looks at everything else, milliseconds.
const SELDOM_MS: i64 = 3 * 60_000;

/// Between two full checks of a doctype, milliseconds.
const CHECK_MS: i64 = 6 * 60 * 60_000;

/// The fact of the store that says that something changed since the last publication.
const DIRTY_FACT: &str = "mirror_changed";

/// Reads for ever.
pub(super) async fn run(hub: Hub) {
    let mut sites = hub.site.subscribe();
    let mut failures = 0;
    loop {
        let Some(site) = sites.borrow_and_update().clone() else {
            hub.watch.say(NAME, Activity::Off, "This hub is not connected with ERPNext.".to_owned());
            if sites.changed().await.is_err() {
                return;
            }
            continue;
        };
        let mut reader = Reader::new(hub.clone(), site);
        loop {
            let pause = match reader.round().await {
                Ok(()) => {
                    failures = 0;
                    Duration::from_millis(OFTEN_MS.unsigned_abs())
                }
                Err(hindrance) => {
                    let pause = hindrance.wait(failures);
                    failures = failures.saturating_add(1);
                    tracing::warn!(%hindrance, seconds = pause.as_secs(), "reading waits");
                    hub.watch.say(NAME, Activity::Waiting, hindrance.to_string());
                    pause
                }
            };
            let is_waiting = failures > 0;
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = hub.hurry.rung(), if !is_waiting => {}
                _ = sites.changed() => break,
            }
        }
    }
}

/// One site's reader. What it remembers between rounds only saves work.
struct Reader {
    hub: Hub,
    site: Arc<Site>,
    /// What the site said of itself, and when.
    look: Option<(holdfast_erpnext::Site, i64)>,
    /// When each doctype was last read or checked to its end.
    read_at_ms: BTreeMap<&'static str, i64>,
    checked_at_ms: BTreeMap<&'static str, i64>,
    /// Doctypes that the site does not show, with its own words.
    unreadable: BTreeMap<&'static str, String>,
    published: publish::LastPublication,
}

impl Reader {
    fn new(hub: Hub, site: Arc<Site>) -> Self {
        let (read_at_ms, checked_at_ms, unreadable) = Default::default();
        Self { hub, site, look: None, read_at_ms, checked_at_ms, unreadable, published: None }
    }

    /// Everything that is due.
    async fn round(&mut self) -> Result<(), Hindrance> {
        let site = self.look().await?;
        let now = now_ms() + site.clock_ahead_ms;
        let everywhere = Scope::new(&site, self.provisioned().await?, Vec::new(), now);
        // Which stock concerns us is known from the profiles.
        if let Some(profiles) = wanted("POS Profile") {
            self.read_if_due(profiles, &everywhere, now).await?;
        }
        let scope = Scope { warehouses: self.warehouses().await?, ..everywhere };
        self.read_named(&scope).await?;
        for wanted in WANTED {
            self.read_if_due(wanted, &scope, now).await?;
        }
        self.read_deletions(&scope, now).await?;
        self.check_one(&scope, now).await?;
        self.publish_if_due(&site, now).await?;
        let words = match self.unreadable.len() {
            0 => "Everything is read.".to_owned(),
            1.. => {
                format!("Everything is read but {}.", self.unreadable.keys().copied().collect::<Vec<_>>().join(", "))
            }
        };
        self.hub.watch.say(NAME, Activity::Idle, words);
        Ok(())
    }

    /// What the site is; asked once an hour, for it may be updated.
    async fn look(&mut self) -> Result<holdfast_erpnext::Site, Hindrance> {
        let now = now_ms();
        if let Some((site, _)) = self.look.as_ref().filter(|(_, at)| now - at < 60 * 60_000) {
            return Ok(site.clone());
        }
        let site = self.site.hold(Look::new(now)).await??;
        let json = serde_json::to_string(&site).expect("a site can be written");
        self.hub.stored(move |store| store.change(|change| change.set_fact(SITE_FACT, &json))).await?;
        tracing::info!(user = site.user, erpnext = ?site.erpnext.map(|v| v.to_string()), "looked at the site");
        self.look = Some((site.clone(), now));
        Ok(site)
    }

    async fn provisioned(&self) -> Result<u32, Hindrance> {
        let level = self.hub.stored(|store| store.fact(PROVISIONED_FACT)).await?;
        Ok(level.and_then(|level| level.parse().ok()).unwrap_or_default())
    }

    /// The warehouses that the profiles sell from.
    async fn warehouses(&self) -> Result<Vec<String>, Hindrance> {
        let profiles = self.hub.stored(|store| store.mirror_rows("POS Profile")).await?;
        let warehouses: BTreeSet<String> = profiles
            .iter()
            .filter_map(|profile| serde_json::from_slice::<serde_json::Value>(&profile.row).ok())
            .filter_map(|profile| Some(profile["warehouse"].as_str()?.to_owned()))
            .collect();
        Ok(warehouses.into_iter().collect())
    }

    async fn read_if_due(&mut self, wanted: &'static Wanted, scope: &Scope, now: i64) -> Result<(), Hindrance> {
        if wanted.way == Way::Checked {
            return Ok(());
        }
        let is_due = self.read_at_ms.get(wanted.doctype).is_none_or(|at| now - at >= every_ms(wanted));
        if !is_due {
            return Ok(());
        }
        let outcome = self.read_doctype(wanted, scope, now).await;
        self.note(wanted, outcome, now)
    }

    /// A doctype that may not be read, or is not there, does not hold up the others.
    fn note(&mut self, wanted: &'static Wanted, outcome: Result<(), Hindrance>, now: i64) -> Result<(), Hindrance> {
        match outcome {
            Ok(()) => {
                self.unreadable.remove(wanted.doctype);
            }
            Err(Hindrance::Site(Trouble::Refused { message, status, .. })) => {
                if self.unreadable.insert(wanted.doctype, message.clone()).is_none() {
                    tracing::warn!(doctype = wanted.doctype, status, message, "cannot be read");
                }
            }
            Err(hindrance) => return Err(hindrance),
        }
        self.read_at_ms.insert(wanted.doctype, now);
        Ok(())
    }

    /// A full check of the one doctype that has waited longest, if any is due.
    async fn check_one(&mut self, scope: &Scope, now: i64) -> Result<(), Hindrance> {
        let due = WANTED
            .iter()
            .filter(|wanted| wanted.way != Way::Single && !self.unreadable.contains_key(wanted.doctype))
            .map(|wanted| {
                let every = if wanted.way == Way::Checked { SELDOM_MS } else { CHECK_MS };
                // A first check is spread over the interval by the order of the doctypes; what is only checked comes at once.
                let last = self.checked_at_ms.get(wanted.doctype).copied();
                (last.map_or(i64::MIN, |at| at + every), wanted)
            })
            .filter(|(at, _)| *at <= now)
            .min_by_key(|(at, wanted)| (*at, wanted.way != Way::Checked));
        let Some((_, wanted)) = due else {
            return Ok(());
        };
        let outcome = self.check_doctype(wanted, scope).await;
        self.note(wanted, outcome, now)?;
        self.checked_at_ms.insert(wanted.doctype, now);
        Ok(())
    }
}

/// How often a doctype is looked at.
fn every_ms(wanted: &Wanted) -> i64 {
    match wanted.doctype {
        "Bin" | "Item" | "Item Price" | "Pricing Rule" | "POS Profile" | "Customer" | "POS Invoice" => OFTEN_MS,
        _ => SELDOM_MS,
    }
}
