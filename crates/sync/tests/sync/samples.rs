//! One entry of every kind, with something in every field that a format could lose.

use holdfast_engine::{Date, Invoice, InvoiceItem, InvoicePayment, InvoiceTax};
use holdfast_sync::{
    Body, EntryRef, Hash, Header, Seq, ShiftId, TerminalId,
    body::{
        Action, Allowed, CashMoved, Counted, CustomerSaved, Enrolled, LineNote, ModeAmount, Returned, Sale, SalesShare,
        ShiftClosed, ShiftOpened,
    },
};

pub(crate) const SHIFT: ShiftId = ShiftId([5; 16]);

pub(crate) fn header() -> Header {
    Header {
        terminal: TerminalId([7; 16]),
        seq: Seq(7),
        prev: Hash([9; 32]),
        made_at_ms: 1_764_000_000_000,
        hub_offset_ms: Some(-250),
        shift: Some(SHIFT),
        employee: Some("EMP-1".into()),
    }
}

/// What format 1 could say, each with the name of its golden file.
pub(crate) fn of_format_1() -> Vec<(&'static str, Body)> {
    let returned = Returned { receipt_number: "A01-000003".into(), ..Returned::default() };
    vec![
        ("enrolled", Body::Enrolled(enrolled())),
        ("signed_in", Body::SignedIn),
        ("signed_out", Body::SignedOut),
        ("sign_in_failed", Body::SignInFailed { employee: "EMP-1".into(), count: 3 }),
        ("shift_opened", Body::ShiftOpened(shift_opened())),
        ("shift_closed", Body::ShiftClosed(shift_closed())),
        ("cart_dropped", Body::CartDropped { lines: 2, total: 12.35 }),
        ("sale", Body::Sale(Box::new(Sale { returned: Some(returned), ..sale() }))),
    ]
}

/// Everything that the current format says.
pub(crate) fn of_format_2() -> Vec<(&'static str, Body)> {
    let original = EntryRef { terminal: TerminalId([8; 16]), seq: Seq(3) };
    let returned = Returned {
        receipt_number: "A02-000003".into(),
        entry: Some(original),
        document: "ACC-PSINV-2026-00001".into(),
    };
    let sale = Sale {
        returned: Some(returned),
        customer_entry: Some(EntryRef { terminal: TerminalId([7; 16]), seq: Seq(6) }),
        sales_team: vec![SalesShare { sales_person: "Ada".into(), percentage: 100.0 }],
        notes: vec![LineNote { row: 0, text: "gift wrap".into() }],
        remarks: "call back".into(),
        ..sale()
    };
    let mut all = of_format_1();
    all.retain(|(name, _)| *name != "sale");
    all.extend([
        ("sale", Body::Sale(Box::new(sale))),
        ("cash_moved", Body::CashMoved(cash_moved())),
        ("customer_saved", Body::CustomerSaved(Box::new(customer_saved()))),
        (
            "allowed",
            Body::Allowed(Allowed { right: "return".into(), by: "EMP-9".into(), details: "A02-000003".into() }),
        ),
        ("reprinted", Body::Did(Action::Reprinted { receipt_number: "A01-000003".into() })),
        ("drawer_opened", Body::Did(Action::DrawerOpened { reason: "change".into() })),
        ("report_shown", Body::Did(Action::ReportShown)),
    ]);
    all
}

fn mode(mode_of_payment: &str, amount: f64) -> ModeAmount {
    ModeAmount { mode_of_payment: mode_of_payment.into(), amount }
}

fn enrolled() -> Enrolled {
    Enrolled { terminal_name: "Till by the door".into(), code: "A01".into(), pos_profile: "Main Till".into() }
}

pub(crate) fn shift_opened() -> ShiftOpened {
    ShiftOpened {
        shift: SHIFT,
        pos_profile: "Main Till".into(),
        company: "Corner Shop".into(),
        currency: "EUR".into(),
        opening: vec![mode("Cash", 100.0)],
        counted: vec![Counted { value: 20.0, count: 5 }],
    }
}

fn shift_closed() -> ShiftClosed {
    ShiftClosed {
        shift: SHIFT,
        opened_at: Seq(4),
        expected: vec![mode("Cash", 147.4)],
        counted: vec![mode("Cash", 147.3)],
        cash: vec![Counted { value: 0.1, count: 1473 }],
        sales: 1,
        total: 47.4,
    }
}

fn cash_moved() -> CashMoved {
    CashMoved { mode_of_payment: "Cash".into(), amount: -20.0, reason: "stamps".into(), account: "Postage - CS".into() }
}

fn customer_saved() -> CustomerSaved {
    CustomerSaved {
        customer: "CUST-1".into(),
        replaces: Some(EntryRef { terminal: TerminalId([7; 16]), seq: Seq(5) }),
        customer_name: "Zoë Ångström".into(),
        customer_group: "Individual".into(),
        territory: "Rest".into(),
        mobile_no: "+49 30 1".into(),
        email_id: "zoe@example.com".into(),
        tax_id: "DE1".into(),
        language: "de".into(),
        address_line1: "Street 1".into(),
        address_line2: "Yard".into(),
        city: "Berlin".into(),
        pincode: "10115".into(),
        country: "Germany".into(),
    }
}

pub(crate) fn sale() -> Sale {
    Sale {
        receipt_number: "A01-000007".into(),
        engine_version: "1".into(),
        pos_profile: "Main Till".into(),
        company: "Corner Shop".into(),
        customer_name: "Walk-in".into(),
        posted_local: "2026-11-23 12:00:00".into(),
        invoice: invoice(),
        ..Sale::default()
    }
}

fn invoice() -> Invoice {
    Invoice {
        customer: "Walk-in".into(),
        currency: "EUR".into(),
        posting_date: Date::parse("2026-11-23").expect("a day"),
        conversion_rate: 1.0,
        total: 47.4,
        grand_total: 47.4,
        paid_amount: 50.0,
        change_amount: 2.6,
        items: vec![InvoiceItem {
            item_code: "TEA".into(),
            item_name: "Tea".into(),
            qty: 2.0,
            rate: 23.7,
            amount: 47.4,
            pricing_rules: Some(vec!["PRLE-0001".into()]),
            batch_no: "B1".into(),
            serial_nos: vec!["S1".into(), "S2".into()],
            returned_row: Some(1),
            ..InvoiceItem::default()
        }],
        taxes: vec![InvoiceTax {
            account_head: "VAT - CS".into(),
            rate: 19.0,
            tax_amount: 7.568_067_226_890_757,
            row_id: Some(1),
            ..InvoiceTax::default()
        }],
        payments: vec![InvoicePayment {
            mode_of_payment: "Cash".into(),
            kind: "Cash".into(),
            account: "Cash - CS".into(),
            amount: 50.0,
            base_amount: 50.0,
            reference_no: "r".into(),
        }],
        ..Invoice::default()
    }
}
