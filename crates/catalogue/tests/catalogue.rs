//! What a hub compiles is what a terminal sells from.

use holdfast_catalogue::{Catalogue, Compiled, ItemId, OpenError, compile, fold};
use holdfast_engine::{Cart, Context, Date, Line, Masters, price};

fn compiled() -> Compiled {
    compile(&holdfast_demo::shop(0), "Harbour Street").expect("the demo shop has this profile")
}

fn open() -> Catalogue {
    let compiled = compiled();
    Catalogue::open(&compiled.manifest, compiled.segments).expect("it was just compiled")
}

fn names(catalogue: &Catalogue, query: &str) -> Vec<String> {
    let ids = catalogue.search(query, 5);
    ids.into_iter().filter_map(|id| catalogue.by_id(id)).map(|item| item.item_name).collect()
}

#[test]
fn every_item_is_found_by_code_and_by_each_barcode() {
    let shop = holdfast_demo::shop(0);
    let catalogue = open();

    assert_eq!(catalogue.len(), shop.items().len());
    for item in shop.items() {
        assert_eq!(catalogue.item(&item.item_code).as_deref(), Some(item));
        for barcode in &item.barcodes {
            let hit = catalogue.scan(&barcode.barcode).expect("it has this barcode");
            assert_eq!((&hit.item, &hit.uom), (item, &barcode.uom));
        }
    }
    assert!(catalogue.scan("9999999999999").is_none());
}

#[test]
fn the_catalogue_prices_as_the_shop_does() {
    let shop = holdfast_demo::shop(0);
    let catalogue = open();
    let context = Context::on(Date::new(2026, 11, 24).expect("a day"));
    let lines = shop.items().iter().filter(|item| !item.has_variants).take(50);
    let cart = Cart {
        lines: lines.map(|item| Line { item_code: item.item_code.clone(), qty: 3.0, ..Line::default() }).collect(),
        ..Cart::default()
    };

    assert_eq!(price(&cart, &catalogue, &context), price(&cart, &shop, &context));
}

#[test]
fn words_accents_and_one_typing_error_find_things() {
    let catalogue = open();

    assert!(names(&catalogue, "ries")[0].starts_with("Riesling"));
    assert!(names(&catalogue, "gruyere")[0].starts_with("Gruyère"));
    assert!(names(&catalogue, "dark choc")[0].starts_with("Dark Chocolate"));
    assert!(names(&catalogue, "croissnat")[0].contains("Croissant"));
    assert!(names(&catalogue, "shocolte")[0].contains("Chocolate"), "two errors in a long word");
    assert!(names(&catalogue, "dark chocolte")[0].starts_with("Dark Chocolate"), "the other words stay as they are");
    assert!(names(&catalogue, "zzzz").is_empty());
    assert!(names(&catalogue, " ").is_empty());
}

#[test]
fn a_barcode_finds_its_item_while_it_is_typed() {
    let catalogue = open();

    let names = names(&catalogue, "400100000000");
    assert!(!names.is_empty());
    let whole = catalogue.search("4001000000009", 5);
    assert_eq!(whole.first().and_then(|id| catalogue.by_id(*id)), catalogue.scan("4001000000009").map(|hit| hit.item));
}

/// What the index says is what reading every item says, whatever is asked for.
#[test]
fn a_search_finds_what_reading_every_item_finds() {
    let shop = holdfast_demo::shop(21_000);
    let compiled = compile(&shop, "Harbour Street").expect("compiles");
    let catalogue = Catalogue::open(&compiled.manifest, compiled.segments).expect("it was just compiled");
    let items: Vec<_> = (0..u32::try_from(catalogue.len()).expect("few"))
        .map(|number| catalogue.by_id(ItemId(number)).expect("numbers have no gaps"))
        .collect();
    let words_of = |text: &str| -> Vec<String> {
        fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let texts: Vec<Vec<String>> =
        items.iter().map(|item| words_of(&format!("{} {} {}", item.item_name, item.brand, item.item_code))).collect();

    for query in ["r", "riesling", "milk 0.5", "dark choc", "t-shirt navy", "2 m", "cable usb 1", "b"] {
        let wanted = words_of(query);
        let has = |words: &Vec<String>, wanted: &String| words.iter().any(|word| word.starts_with(wanted.as_str()));
        let matches = |at: &usize| wanted.iter().all(|wanted| has(&texts[*at], wanted));
        let (named, others): (Vec<usize>, Vec<usize>) = (0..items.len())
            .filter(matches)
            .partition(|at| words_of(&items[*at].item_name).first().is_some_and(|word| word.starts_with(&wanted[0])));
        let expected: Vec<ItemId> =
            named.into_iter().chain(others).map(|at| ItemId(u32::try_from(at).expect("few"))).collect();

        for limit in [1, 7, 200, usize::MAX] {
            let found = catalogue.search(query, limit);
            assert_eq!(found, expected[..limit.min(expected.len())], "{query}, at most {limit}");
        }
    }
}

#[test]
fn groups_hold_what_is_below_them_and_templates_their_variants() {
    let catalogue = open();

    assert!(catalogue.in_group("Food").len() > catalogue.in_group("Bakery").len());
    let shirts = catalogue.in_group("Shirts");
    let template = catalogue.by_id(shirts[0]).expect("listed");
    assert!(template.has_variants);
    assert!(catalogue.variants(&template.item_code).len() >= 3);
}

#[test]
fn changing_one_price_changes_one_segment() {
    let before = compile(&holdfast_demo::shop(5_000), "Harbour Street").expect("compiles");
    let shop = holdfast_demo::shop(5_000);
    let mut items = shop.items().to_vec();
    items[4_321].prices[0].price_list_rate += 1.0;
    let changed = holdfast_engine::Shop::new("x", shop.tables.clone(), items, shop.customers().to_vec());

    let after = compile(&changed, "Harbour Street").expect("compiles");

    let held: Vec<[u8; 32]> = before.manifest.segments.iter().map(|segment| segment.hash).collect();
    let delta = after.manifest.delta(&held);
    assert_eq!((delta.fetch.len(), delta.drop.len()), (1, 1));
}

#[test]
fn a_missing_or_short_segment_is_named() {
    let Compiled { manifest, mut segments } = compiled();
    segments[1].pop();
    let hash = manifest.segments[1].hash;

    assert_eq!(Catalogue::open(&manifest, segments).err(), Some(OpenError::Damaged { hash }));
    assert!(matches!(Catalogue::open(&manifest, Vec::new()).err(), Some(OpenError::Missing { .. })));
}

#[test]
fn damaged_bytes_never_panic() {
    let Compiled { manifest, segments } = compiled();
    for (which, at) in (0..segments.len()).flat_map(|which| (0..200).map(move |at| (which, at * 37))) {
        let mut damaged = segments.clone();
        if let Some(byte) = damaged[which].get_mut(at) {
            *byte ^= 0x55;
        }
        if let Ok(catalogue) = Catalogue::open(&manifest, damaged) {
            catalogue.search("milk", 5);
            catalogue.scan("4001000000001");
        }
    }
}
