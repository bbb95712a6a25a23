//! What a terminal fetches to sell from.

use super::Target;
use holdfast_catalogue::{Catalogue, Compiled, ItemId, Manifest, compile};
use std::sync::LazyLock;

pub(super) const MANIFEST: Target = Target { name: "manifest", tested: 10_000, seeds: manifests, check: manifest };
pub(super) const SEGMENTS: Target = Target { name: "segments", tested: 500, seeds: segments, check: segment };

static SHOP: LazyLock<Compiled> = LazyLock::new(|| {
    let shop = holdfast_demo::shop(0);
    compile(&shop, &shop.profiles[0].name).expect("the shop has this profile")
});

fn manifests() -> Vec<Vec<u8>> {
    vec![SHOP.manifest.to_bytes()]
}

fn manifest(input: &[u8]) {
    if let Some(manifest) = Manifest::from_bytes(input) {
        assert_eq!(Manifest::from_bytes(&manifest.to_bytes()).as_ref(), Some(&manifest));
        drop(manifest.delta(&[[0; 32]]));
    }
}

/// Each segment after a byte that says which it is.
fn segments() -> Vec<Vec<u8>> {
    let numbered = SHOP.segments.iter().enumerate();
    numbered.map(|(at, bytes)| [&[u8::try_from(at).expect("a small shop")], bytes.as_slice()].concat()).collect()
}

/// Opens the catalogue with one segment exchanged, as if its hash had been right, and uses everything in it.
fn segment(input: &[u8]) {
    let Some((&which, bytes)) = input.split_first() else {
        return;
    };
    let Compiled { manifest, segments } = &*SHOP;
    let (mut manifest, mut segments) = (manifest.clone(), segments.clone());
    let at = usize::from(which) % segments.len();
    manifest.segments[at].bytes = u32::try_from(bytes.len()).expect("inputs are short");
    segments[at] = bytes.to_vec();
    let Ok(catalogue) = Catalogue::open(&manifest, segments) else {
        return;
    };
    for id in 0..20 {
        if let Some(item) = catalogue.by_id(ItemId(id)) {
            drop((catalogue.scan(&item.item_code), catalogue.variants(&item.item_code)));
        }
    }
    drop((catalogue.search("ries", 20), catalogue.search("a b", 5), catalogue.in_group("")));
    drop((catalogue.scan("4001000000009"), catalogue.customers().len(), catalogue.by_id(ItemId(u32::MAX))));
}
