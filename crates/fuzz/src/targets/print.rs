//! What is printed by: a shop's own formats, and the bytes of receipt printers.

use super::{Target, files, project};
use holdfast_print_format::{Document, Limits, PrintFormat, Site, render};
use holdfast_receipt::escpos::{CodePage, decode::decode};
use std::sync::{Arc, LazyLock};

pub(super) const FORMAT: Target = Target { name: "print-format", tested: 300, seeds: formats, check: format };
pub(super) const ESCPOS: Target = Target { name: "escpos", tested: 20_000, seeds: prints, check: print };

static SITE: LazyLock<Arc<Site>> = LazyLock::new(|| Arc::new(json("site.json")));
static SALE: LazyLock<Document> = LazyLock::new(|| json("documents/sale.json"));

fn json<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = project("crates/print-format/tests").join(name);
    serde_json::from_slice(&std::fs::read(path).expect("a good input can be read")).expect("it is as it is read")
}

fn formats() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> =
        files("crates/print-format/tests/formats").into_iter().map(|(_, source)| source).collect();
    let hard = [
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ doc.name }}{% endfor %}{% endfor %}",
        "{% macro m(x) %}{{ m(x ~ x) }}{% endmacro %}{{ m('a') }}",
        "{{ doc.__class__.__mro__ }}{{ frappe.db.sql('select 1') }}{{ ''.format() }}",
        "{{ 'a' * 999999999 }}{{ '%999999999d' % 1 }}{{ range(10 ** 12) | list }}",
        "{% include 'x' %}{% import 'y' as z %}{{ frappe.get_doc('User', 'Administrator') }}",
    ];
    seeds.extend(hard.map(|source| source.as_bytes().to_vec()));
    seeds
}

fn format(input: &[u8]) {
    let source = String::from_utf8_lossy(input).into_owned();
    let limits = Limits { steps_max: 50_000, bytes_max: 100_000, ..Limits::default() };
    for is_raw in [false, true] {
        let format = PrintFormat {
            name: "Own".into(),
            custom_format: 1,
            raw_printing: u8::from(is_raw),
            raw_commands: is_raw.then(|| source.clone()),
            html: (!is_raw).then(|| source.clone()),
            ..PrintFormat::default()
        };
        if let Err(refusal) = render(&format, &SALE, &SITE, limits) {
            assert!(!refusal.to_string().is_empty());
        }
    }
}

fn prints() -> Vec<Vec<u8>> {
    vec![
        b"\x1b@\x1b!\x30Shop\n\x1bE\x01bold\x1bE\x00\n\x1ba\x01middle\n\x1dV\x42\x00".to_vec(),
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05\x1d(k\x07\x001P0HF11\x1d(k\x03\x001Q0".to_vec(),
        b"\x1dv0\x00\x02\x00\x02\x00\xff\x00\xff\x00\x1bp\x00\x19\xfa\x1bt\x10\x80".to_vec(),
        b"\x1dk\x49\x05{B123\x1dh\x50\x1dw\x02\x1dH\x02".to_vec(),
    ]
}

fn print(input: &[u8]) {
    let pages = [(CodePage::ALL[0], 0), (CodePage::ALL[1], 16)];
    drop(decode(input, &pages));
}
