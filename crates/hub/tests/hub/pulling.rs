//! The pull worker against the stand-in.

use crate::{
    shop::{Shop, client},
    stand_in::{Served, key_of},
};
use holdfast_erpnext_standin::{Fault, StandIn};
use holdfast_hub::{
    Hub,
    site::{SERVICE, Site},
    vault::Vault,
};
use holdfast_store::Store;
use std::{sync::Arc, time::Duration};

/// Waits until something is so. What never becomes so ends in the test's failure, not in a measured time.
pub(crate) async fn until(store: &Store, what: &str, is_so: impl Fn(&Store) -> bool) {
    for _ in 0..3_000 {
        if is_so(store) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} never came about");
}

fn count(store: &Store, doctype: &str) -> u64 {
    let counts = store.mirror_counts().expect("read");
    counts.iter().find(|(found, _)| found == doctype).map_or(0, |(_, count)| *count)
}

async fn started(shop: &Shop, served: &Served) -> Hub {
    shop.site.keep(SERVICE, &key_of("Administrator")).await.expect("kept");
    let hub = Hub::start(Arc::clone(&shop.store), "Shop", Vault::new(&[1; 32]));
    hub.connect(Some(Site::new(client(served.address), Arc::clone(&shop.store), Vault::new(&[1; 32]), None)));
    hub
}

#[tokio::test(flavor = "multi_thread")]
async fn masters_are_read_into_the_mirror_once_the_hub_is_connected() {
    let served = Served::new(StandIn::of_shop(&holdfast_demo::shop(700))).await;
    let shop = Shop::new("pull-first", served.address);

    let _hub = started(&shop, &served).await;

    let items = served.with(|site| site.documents("Item").count()) as u64;
    assert!(items > 500, "more than one page");
    until(&shop.store, "every item", |store| count(store, "Item") == items).await;
    until(&shop.store, "the profiles", |store| count(store, "POS Profile") > 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_falters_is_read_all_the_same() {
    let served = Served::new(StandIn::of_shop(&holdfast_demo::shop(0))).await;
    let shop = Shop::new("pull-falters", served.address);
    served.falter(Fault::ALL.into_iter().take(3));

    let _hub = started(&shop, &served).await;

    let items = served.with(|site| site.documents("Item").count()) as u64;
    until(&shop.store, "every item", |store| count(store, "Item") == items).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_published_and_a_change_follows() {
    let served = Served::new(StandIn::of_shop(&holdfast_demo::shop(0))).await;
    let shop = Shop::new("pull-publish", served.address);
    let hub = started(&shop, &served).await;
    let profiles = served.with(|site| site.documents("POS Profile").count());
    until(&shop.store, "a catalogue for each profile", |store| {
        store.profiles().expect("read").len() == profiles && store.fact("mirror_changed").expect("read").is_none()
    })
    .await;
    let name = shop.store.profiles().expect("read")[0].name.clone();
    let before = shop.store.manifest(&name).expect("read").expect("published").0;

    let group = served.with(|site| site.documents("Item").next().expect("an item")["item_group"].clone());
    let item = serde_json::json!({
        "item_code": "NEW-1", "item_name": "New", "item_group": group, "stock_uom": "Nos", "is_sales_item": 1,
    });
    served.with(|site| site.put("Item", item));
    crate::webhooks::hint(&shop, &hub, "Item", "NEW-1").await;

    until(&shop.store, "the new catalogue", |store| {
        store.manifest(&name).expect("read").expect("published").0 != before
    })
    .await;
}
