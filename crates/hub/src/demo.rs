//! Publishes the demo shop into a store.

use crate::{catalogue::compress, secrets};
use anyhow::Context;
use holdfast_store::{AccountRow, ProfileRow, Publication, Role, Store};
use holdfast_sync::Hash;

/// Changes whenever what is published changes its form.
const EDITION: u32 = 5;

/// Publishes the demo shop with at least `items` items, unless this very shop is there already.
pub fn publish(store: &Store, items: usize) -> anyhow::Result<()> {
    let edition = format!("{} {EDITION} {items}", env!("CARGO_PKG_VERSION"));
    if store.fact("demo")?.as_deref() == Some(&edition) {
        return Ok(());
    }
    tracing::info!(items, "making the demo shop");
    let shop = holdfast_demo::shop(items);
    for profile in &shop.profiles {
        let compiled = holdfast_catalogue::compile(&shop, &profile.name).context("the shop has this profile")?;
        let hashes = compiled.manifest.segments.iter().map(|segment| segment.hash);
        let segments = hashes.zip(compiled.segments.iter().map(|bytes| compress(bytes))).collect();
        let manifest = compiled.manifest.to_bytes();
        store.publish(&Publication {
            profile: ProfileRow {
                name: profile.name.clone(),
                company: profile.company.clone(),
                currency: profile.currency.clone(),
                warehouse: profile.warehouse.clone(),
            },
            manifest: (Hash::of(&manifest).0, manifest),
            segments,
        })?;
    }
    let pictures: Vec<_> = holdfast_demo::pictures::all()
        .into_iter()
        .filter_map(|picture| {
            Some((Hash::from_hex(&picture.hash)?.0, "image/svg+xml".to_owned(), picture.svg.into_bytes()))
        })
        .collect();
    store.publish_pictures(&pictures)?;
    let (name, password) = holdfast_demo::MANAGER;
    let account = AccountRow {
        name: name.to_owned(),
        role: Role::Administrator,
        password: secrets::verifier(password),
        is_disabled: false,
    };
    let pins: Vec<_> = holdfast_demo::EMPLOYEES.iter().map(|employee| secrets::pin(employee.pin)).collect();
    store.change(|change| {
        change.set_account(&account)?;
        for (employee, pin) in holdfast_demo::EMPLOYEES.iter().zip(&pins) {
            change.set_employee(employee.name, employee.full_name, employee.role)?;
            change.set_pin(employee.name, Some(pin))?;
        }
        change.set_fact("demo", &edition)
    })?;
    Ok(())
}
