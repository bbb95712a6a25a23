//! From the mirror to catalogues: compiled for each POS Profile, published whole, and only if something is different.

use super::{Activity, DIRTY_FACT, Hindrance, NAME, Reader};
use crate::catalogue::compress;
use holdfast_engine::Date;
use holdfast_erpnext::{
    masters::{Masters, Person},
    pull::{Row, WANTED},
    site::Stamp,
};
use holdfast_store::{ProfileRow, Publication, Store, StoreError};
use holdfast_sync::Hash;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// The fact of the store that says of which day the published catalogues are: rules and points run out by themselves.
const DAY_FACT: &str = "published_day";

/// What facts begin with that say whose PIN was voided because ERPNext asked for a new one.
const NEW_PIN_FACT: &str = "new_pin/";

/// Compiling takes at most this part of the time.
const REST_FACTOR: u32 = 5;

/// What a publication came to.
#[derive(Debug, Default)]
struct Published {
    profiles: usize,
    items: usize,
    new_segments: usize,
}

impl Reader {
    /// Publishes if the mirror or the day changed.
    pub(super) async fn publish_if_due(&mut self, site: &holdfast_erpnext::Site, now: i64) -> Result<(), Hindrance> {
        let today = site.zone().stamp(now).date();
        let facts = self.hub.stored(|store| Ok((store.fact(DIRTY_FACT)?, store.fact(DAY_FACT)?))).await?;
        let is_due = facts.0.is_some() || facts.1.as_deref() != Some(&today.to_string());
        let is_resting = self.published.is_some_and(|(at, took)| at.elapsed() < took * REST_FACTOR);
        if !is_due || is_resting {
            return Ok(());
        }
        self.hub.watch.say(NAME, Activity::Working, "Making the counters' catalogues.".to_owned());
        let started = Instant::now();
        let published = self.hub.stored(move |store| publish(store, today)).await?;
        self.published = Some((Instant::now(), started.elapsed()));
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let Published { profiles, items, new_segments } = published;
        tracing::info!(profiles, items, new_segments, millis, "published");
        Ok(())
    }
}

/// When the last publication ended, and how long it took.
pub(super) type LastPublication = Option<(Instant, Duration)>;

fn publish(store: &Store, today: Date) -> Result<Published, StoreError> {
    let masters = masters(store)?;
    let mut published = Published::default();
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    let profiles = masters.profiles();
    for name in &profiles {
        let Some(mut shop) = masters.shop(name, today) else { continue };
        people.extend(masters.people(name).into_iter().map(|person| (person.name.clone(), person)));
        let Some(compiled) = holdfast_catalogue::compile(&shop, name) else { continue };
        let profile = std::mem::take(&mut shop.tables.profile);
        let mut segments = Vec::new();
        for (segment, bytes) in compiled.manifest.segments.iter().zip(&compiled.segments) {
            if !store.has_segment(segment.hash)? {
                segments.push((segment.hash, compress(bytes)));
            }
        }
        published.profiles += 1;
        published.items = published.items.max(shop.items().len());
        published.new_segments += segments.len();
        let manifest = compiled.manifest.to_bytes();
        store.publish(&Publication {
            profile: ProfileRow {
                name: name.clone(),
                company: profile.company,
                currency: profile.currency,
                warehouse: profile.warehouse,
            },
            manifest: (Hash::of(&manifest).0, manifest),
            segments,
        })?;
    }
    let gone: Vec<String> =
        store.profiles()?.into_iter().map(|profile| profile.name).filter(|name| !profiles.contains(name)).collect();
    let known: BTreeSet<String> = store.employees()?.into_iter().map(|employee| employee.name).collect();
    let mut is_noted = BTreeSet::new();
    for person in people.values() {
        let asked = format!("{NEW_PIN_FACT}{}", person.name);
        if store.fact(&asked)?.is_some() {
            is_noted.insert(asked);
        }
    }
    store.change(|change| {
        for name in &gone {
            change.withdraw(name)?;
        }
        for person in people.values() {
            change.set_employee(&person.name, &person.full_name, &person.role)?;
            let asked = format!("{NEW_PIN_FACT}{}", person.name);
            match (person.needs_new_pin, is_noted.contains(&asked)) {
                // Once for each time that somebody asks: the mark in ERPNext stays until somebody takes it off.
                (true, false) => {
                    change.set_pin(&person.name, None)?;
                    change.set_fact(&asked, "yes")?;
                }
                (false, true) => change.forget_fact(&asked)?,
                _ => {}
            }
        }
        // Nobody at all is rather a right that was lost than a shop without people: their PINs are kept.
        for name in known.iter().filter(|name| !people.is_empty() && !people.contains_key(*name)) {
            change.remove_employee(name)?;
        }
        change.set_fact(DAY_FACT, &today.to_string())?;
        change.forget_fact(DIRTY_FACT)
    })?;
    Ok(published)
}

/// Everything that the mirror holds. Lives only as long as it is compiled.
fn masters(store: &Store) -> Result<Masters, StoreError> {
    let mut masters = Masters::default();
    for wanted in WANTED {
        for row in store.mirror_rows(wanted.doctype)? {
            // What an other version wrote and this one cannot read is read again from the site.
            let (Some(modified), Ok(fields)) = (Stamp::parse(&row.modified), serde_json::from_slice(&row.row)) else {
                continue;
            };
            masters.take(wanted.doctype, Row { name: row.name, modified, fields });
        }
    }
    Ok(masters)
}
