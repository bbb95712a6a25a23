//! Whatever happens to requests and answers, whenever the hub stops: exactly one document, and it says what the receipt says.

use super::world::{World, cart, line};
use holdfast_engine::Line;
use holdfast_erpnext_standin::Fault;
use holdfast_sync::{
    Body,
    body::CustomerSaved,
    posting::{Outcome, State},
};
use proptest::prelude::*;

fn faults(length: usize) -> impl Strategy<Value = Vec<Option<Fault>>> {
    let one = prop_oneof![2 => Just(None), 3 => (0..Fault::ALL.len()).prop_map(|at| Some(Fault::ALL[at]))];
    prop::collection::vec(one, 0..length)
}

/// A day: what is journalled, and the DocType that each becomes.
fn day(world: &mut World) -> Vec<(usize, &'static str)> {
    let opening = world.open_shift();
    let customer = CustomerSaved {
        customer_name: "Till Person".into(),
        customer_group: "Individual".into(),
        territory: "United States".into(),
        mobile_no: "+1 555 0100".into(),
        ..CustomerSaved::default()
    };
    let made = world.note(Body::CustomerSaved(Box::new(customer)));
    let plain = world.sell(cart(vec![line("SKU-0002", 3.0), line("SKU-0005", 2.0)]));
    let batch = Line { batch_no: "BATCH-01-B1".into(), ..line("BATCH-01", 2.0) };
    let serial = Line { serial_nos: vec!["SER-01-S012".into()], ..line("SER-01", 1.0) };
    let tracked = world.sell(cart(vec![batch, serial]));
    let returned = world.give_back(plain, &[(1, -1.0)]);
    let closing = world.close_shift(world.expected[0].amount);
    vec![
        (opening, "POS Opening Entry"),
        (made, "Customer"),
        (plain, "POS Invoice"),
        (tracked, "POS Invoice"),
        (returned, "POS Invoice"),
        (closing, "POS Closing Entry"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn lost_and_doubled_answers_never_double_or_lose_a_document(
        faults in prop::collection::vec(faults(12), 6),
        knows in prop::collection::vec(any::<bool>(), 6),
    ) {
        let mut world = World::new();
        for (number, (at, doctype)) in day(&mut world).into_iter().enumerate() {
            world.faults.clone_from(&faults[number]);
            // A hub that was restored from a backup does not know what it sent.
            if !knows[number] {
                let outcome = world.try_once(at, true);
                if let Outcome::Booked { documents, .. } = &outcome {
                    world.entries[at].1.state = State::Posted { documents: documents.clone() };
                }
            }
            let documents = world.post_exactly(at);
            prop_assert_eq!(documents.len(), 1);
            let found = match doctype {
                // Parts of a closing carry the task's id and a number.
                "POS Closing Entry" => world.site.documents(doctype).count(),
                _ => world.with_id(doctype, at).len(),
            };
            prop_assert_eq!(found, 1, "{}", doctype);
        }
        prop_assert_eq!(world.site.documents("POS Invoice").count(), 3);
        prop_assert!(world.site.documents("POS Invoice").all(|doc| doc["status"] == "Consolidated"));
    }

    #[test]
    fn a_hub_that_stops_after_any_request_takes_it_up_again(stop in 0_usize..8, is_lost in any::<bool>()) {
        let mut world = World::with_a_shift();
        let sold = world.sell(cart(vec![line("SKU-0002", 3.0)]));
        // The process ends: what was sent may have been carried out, and the conversation is gone.
        world.faults = vec![None; stop];
        world.faults.push(Some(if is_lost { Fault::LostBefore } else { Fault::LostAfter }));
        let _ = world.try_once(sold, true);
        world.faults.clear();

        world.post_exactly(sold);

        prop_assert_eq!(world.with_id("POS Invoice", sold).len(), 1);
    }

    #[test]
    fn parts_of_a_closing_are_each_made_once(faults in faults(40)) {
        let mut world = World::with_a_shift();
        for _ in 0..14 {
            let sold = world.sell(cart(vec![line("SKU-0002", 1.0), line("KG-005", 1.0)]));
            world.post_exactly(sold);
        }
        let closing = world.close_shift(world.expected[0].amount);
        world.faults = faults;

        let documents = world.post_exactly(closing);

        prop_assert_eq!(world.site.documents("POS Closing Entry").count(), documents.len());
        prop_assert!(world.site.documents("POS Invoice").all(|doc| doc["status"] == "Consolidated"));
    }
}
