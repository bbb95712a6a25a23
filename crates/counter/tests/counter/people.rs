//! Customers that are made at the counter, and what was used here that the hub does not know of.

use super::{SHOP, Till};
use holdfast_counter::{
    Book,
    local::Local,
    people::{self, complaint},
};
use holdfast_engine::{
    Invoice, Masters, Shop,
    masters::{CouponCode, Customer},
};
use holdfast_sync::{
    Body, EntryRef, Seq, TerminalId,
    body::{CustomerSaved, Sale},
};

fn saved(name: &str) -> CustomerSaved {
    CustomerSaved { customer_name: name.into(), mobile_no: "+49 431 555 0199".into(), ..CustomerSaved::default() }
}

fn at(seq: u64) -> EntryRef {
    EntryRef { terminal: TerminalId([1; 16]), seq: Seq(seq) }
}

#[test]
fn a_new_customer_can_buy_at_once_and_be_corrected_before_erpnext_knows_of_it() {
    let mut till = Till::new();
    till.open(0.0);
    till.write(Body::CustomerSaved(Box::new(saved("Ada Berg"))));
    till.write(Body::CustomerSaved(Box::new(CustomerSaved { replaces: Some(at(2)), ..saved("Ada Bergmann") })));

    let book = Book::replay(&till.entries);

    let local = Local { masters: &*SHOP, book: &book, acknowledged: Seq(0) };
    let key = people::key(at(2));
    assert_eq!(local.customer(&key).map(|customer| customer.customer_name.clone()), Some("Ada Bergmann".into()));
    assert_eq!(book.people.all().len(), 1, "a correction is no second customer");
    assert_eq!(book.people.get(&key).and_then(|person| person.made_by), Some(at(2)));
}

#[test]
fn a_changed_customer_keeps_what_was_not_entered() {
    let known = SHOP.customers().iter().find(|customer| customer.customer_group == "Trade").expect("there are some");
    let mut till = Till::new();
    till.open(0.0);
    let change = CustomerSaved { customer: known.name.clone(), ..saved("Café am Leuchtturm") };
    till.write(Body::CustomerSaved(Box::new(change)));

    let book = Book::replay(&till.entries);

    let local = Local { masters: &*SHOP, book: &book, acknowledged: Seq(0) };
    let customer = local.customer(&known.name).expect("still there");
    assert_eq!((customer.customer_name.as_str(), customer.customer_group.as_str()), ("Café am Leuchtturm", "Trade"));
    assert_eq!(book.people.get(&known.name).and_then(|person| person.made_by), None);
}

#[test]
fn customers_are_found_by_part_of_a_name_by_phone_and_by_key() {
    let fold = |text: &str| text.to_lowercase();
    let find = |query: &str| -> Vec<String> {
        let customers = SHOP.customers().iter().cloned();
        people::search(customers, query, 5, fold).into_iter().map(|customer| customer.customer_name).collect()
    };

    assert_eq!(find("barros anna"), ["Anna Barros"]);
    assert_eq!(find("0151 5550012"), find("+49 151 555 0012"));
    assert_eq!(find("+49 151 555 0012").len(), 1);
    assert!(find("nobody at all").is_empty());
    assert_eq!(find("").len(), 5);
}

#[test]
fn what_was_entered_wrongly_is_said() {
    assert_eq!(complaint(&saved("Ada")), None);
    assert!(complaint(&saved("  ")).is_some());
    assert!(complaint(&CustomerSaved { mobile_no: "call me".into(), ..saved("Ada") }).is_some());
    for email in ["ada", "ada@", "@x.org", "a b@x.org"] {
        assert!(complaint(&CustomerSaved { email_id: email.into(), ..saved("Ada") }).is_some(), "{email}");
    }
    assert_eq!(complaint(&CustomerSaved { email_id: "ada@x.org".into(), ..saved("Ada") }), None);
}

#[test]
fn points_and_coupons_that_were_used_here_are_used_although_the_hub_does_not_know_yet() {
    let mut tables = SHOP.tables().clone();
    tables.coupons.push(CouponCode { name: "WELCOME".into(), maximum_use: 1, ..CouponCode::default() });
    let member = Customer { name: "Ada".into(), loyalty_points: 120, ..Customer::default() };
    let shop = Shop::new("x", tables, Vec::new(), vec![member]);
    let mut till = Till::new();
    till.open(0.0);
    let invoice =
        Invoice { customer: "Ada".into(), coupon_code: "WELCOME".into(), loyalty_points: 50, ..Invoice::default() };
    till.write(Body::Sale(Box::new(Sale { invoice, ..Sale::default() })));
    let book = Book::replay(&till.entries);

    let waiting = Local { masters: &shop, book: &book, acknowledged: Seq(1) };
    assert_eq!(waiting.customer("Ada").map(|customer| customer.loyalty_points), Some(70));
    assert_eq!(waiting.coupon("WELCOME").map(|coupon| coupon.used), Some(1));

    let known = Local { acknowledged: Seq(2), ..waiting };
    assert_eq!(known.customer("Ada").map(|customer| customer.loyalty_points), Some(120));
    assert_eq!(known.coupon("WELCOME").map(|coupon| coupon.used), Some(0));
}
