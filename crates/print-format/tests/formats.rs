//! Formats as a real ERPNext 15 rendered them, and formats that must be refused.
//!
//! `formats/` has the templates, `documents/` POS Invoices as the server's REST interface gives them, and `erpnext/` what
//! the server's printing gave for each pair, byte for byte.

use holdfast_print_format::{Document, Limits, PrintFormat, Printed, Refusal, Site, render};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{
    fs,
    path::PathBuf,
    sync::{Arc, LazyLock},
};

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn read(path: &PathBuf) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn site() -> Arc<Site> {
    static SITE: LazyLock<Arc<Site>> = LazyLock::new(|| {
        Arc::new(serde_json::from_str(&read(&folder("site.json"))).expect("the site is as the crate reads it"))
    });
    Arc::clone(&SITE)
}

fn document(name: &str) -> Document {
    let text = read(&folder("documents").join(name).with_extension("json"));
    serde_json::from_str(&text).expect("the document is as the crate reads it")
}

fn html(source: &str) -> PrintFormat {
    PrintFormat { name: "Own".into(), custom_format: 1, html: Some(source.into()), ..PrintFormat::default() }
}

fn raw(source: &str) -> PrintFormat {
    PrintFormat { raw_printing: 1, raw_commands: Some(source.into()), html: None, ..html("") }
}

fn print(source: &str) -> Result<String, Refusal> {
    match render(&html(source), &document("sale"), &site(), Limits::default())? {
        Printed::Html { body, .. } => Ok(body),
        Printed::Raw(_) => panic!("the format is HTML"),
    }
}

#[test]
fn every_format_prints_what_erpnext_printed() {
    let mut compared = 0;
    for entry in fs::read_dir(folder("formats")).expect("the formats are there") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let source = read(&path);
        let is_raw = path.extension().is_some_and(|extension| extension == "txt");
        for case in ["sale", "discount", "exclusive", "return"] {
            let format = if is_raw { raw(&source) } else { html(&source) };
            let extension = if is_raw { "txt" } else { "html" };
            let golden = read(&folder("erpnext").join(format!("{name}.{case}.{extension}")));

            let printed = render(&format, &document(case), &site(), Limits::default()).expect("the format is printed");

            match printed {
                Printed::Html { body, .. } => assert_eq!(body, golden, "{name} of {case}"),
                // The server gives a text; its characters are the bytes.
                Printed::Raw(bytes) => {
                    assert_eq!(bytes.into_iter().map(char::from).collect::<String>(), golden, "{name} of {case}");
                }
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 32);
}

/// `jinja.json`: templates, and what Jinja 3.1 printed for them.
#[test]
fn python_shows_through_as_in_jinja() {
    let recorded: Value = serde_json::from_str(&read(&folder("jinja.json"))).expect("the recording is JSON");
    let fields = recorded["document"].as_object().expect("a document").clone();
    let document = Document { doctype: "Note".into(), fields };

    for case in recorded["cases"].as_array().expect("cases") {
        let [template, expected] = ["template", "printed"].map(|name| case[name].as_str().expect("a text"));
        let source = format!("{{% set data = doc.as_dict() %}}{template}");

        let printed = render(&html(&source), &document, &Arc::default(), Limits::default());

        assert_eq!(printed, Ok(Printed::Html { body: expected.into(), css: String::new() }), "{template}: {expected}");
    }
}

#[test]
fn what_only_the_server_has_is_refused_by_its_name() {
    for (source, what) in [
        ("{{ frappe.db.sql('select 1') }}", "frappe.db.sql"),
        ("{% if frappe.get_meta('Item') %}{% endif %}", "frappe.get_meta"),
        ("{{ frappe.make_get_request('https://example.com') }}", "frappe.make_get_request"),
        ("{{ frappe.utils.image_to_base64('/files/a.png') }}", "frappe.utils.image_to_base64"),
        ("{{ doc.get_payment_url() }}", "doc.get_payment_url"),
        ("{{ html2text(doc.terms) }}", "html2text"),
        ("{{ frappe.conf }}", "frappe.conf"),
        ("{{ doc.terms|markdown }}", "the markdown filter"),
    ] {
        assert_eq!(print(source), Err(Refusal::ServerOnly { what: what.into() }), "{source}");
    }
}

#[test]
fn a_record_that_is_not_held_is_refused_and_one_that_does_not_exist_is_none() {
    assert_eq!(
        print("{{ frappe.db.get_value('Supplier', 'X', 'country') }}"),
        Err(Refusal::NotHeld { what: "records of Supplier".into() })
    );
    assert_eq!(print("{{ frappe.db.get_value('Currency', 'X', 'symbol') }}"), Ok("None".into()));
}

#[test]
fn faults_name_their_line() {
    for source in ["\n\n{% if %}", "\n\n{{ 1 / 0 }}", "\n\n{% include 'x.html' %}", "\n\n{{ nothing() }}"] {
        assert!(matches!(print(source), Err(Refusal::Broken { line: 3, .. })), "{source}: {:?}", print(source));
    }
}

#[test]
fn formats_that_are_no_jinja_are_refused() {
    let print = |format: PrintFormat| render(&format, &document("sale"), &site(), Limits::default());
    let own = html("x");
    for format in [
        PrintFormat { disabled: 1, ..own.clone() },
        PrintFormat { print_format_type: "JS".into(), ..own.clone() },
        PrintFormat { print_format_builder_beta: 1, ..own.clone() },
        PrintFormat { custom_format: 0, format_data: Some("[]".into()), ..own.clone() },
        PrintFormat { custom_format: 0, ..own.clone() },
        PrintFormat { html: None, ..own.clone() },
        PrintFormat { doc_type: "Quotation".into(), ..own.clone() },
        PrintFormat { html: Some("<SCRIPT>x()</SCRIPT>".into()), ..own },
    ] {
        assert!(matches!(print(format.clone()), Err(Refusal::Kind { .. })), "{format:?}");
    }
}

#[test]
fn no_template_runs_nests_or_prints_without_end() {
    for source in [
        "{% for i in range(9999) %}{% for j in range(9999) %}{% set x = i * j %}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% for i in range(9999) %}{{ 'x' * 9999 }}{% endfor %}",
        "{% set l = [1] %}{% for i in range(60) %}{% set _ = l.extend(l) %}{% endfor %}",
        "{{ 'x'.ljust(999999999) }}",
        "{{ 'x'.replace('', 'y' * 9999).replace('', 'y' * 9999) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 9 ** 99999 }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{% set m = [l] %}{% set _ = l.append(m) %}{{ l }}",
        "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set l = [] %}{% for i in range(9999) %}{% set _ = l.append([l.pop() if l else 1]) %}{% endfor %}{{ l }}",
        "{% set ns = namespace(d={}) %}{% for i in range(9999) %}{% set ns.d = {'d': ns.d} %}{% endfor %}{{ ns.d }}",
    ] {
        let limits = Limits { steps_max: 300_000, ..Limits::default() };
        assert!(render(&html(source), &document("sale"), &site(), limits).is_err(), "{source}");
    }
    let set_again = format!("{}{{{{ x }}}}", "{% set x = [x] %}".repeat(20_000));
    assert!(print(&set_again).is_err());
    let set_often = format!("{}{{{{ x }}}}", "{% set x = [x] %}".repeat(1_000));
    assert!(print(&set_often).is_ok());
    let nested = format!("{{{{ {}1{} }}}}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(print(&nested).is_err());
}

#[test]
fn a_raw_format_gives_bytes_and_refuses_what_has_none() {
    let print = |source: &str| render(&raw(source), &document("sale"), &site(), Limits::default());

    assert_eq!(print("{{ '\\x1b\\x40' }}é€"), Ok(Printed::Raw(b"\x1b@\xe9\x80".to_vec())));
    assert_eq!(print("茶"), Err(Refusal::NoByte { character: '茶' }));
}

#[test]
fn a_letter_head_with_a_script_is_refused() {
    let mut site = (*site()).clone();
    site.records.remove("Letter Head");
    site.letter_head = Some(serde_json::from_value(json!({ "content": "x", "header_script": "y()" })).expect("a head"));

    let printed = render(&html("x"), &document("sale"), &Arc::new(site), Limits::default());

    assert_eq!(printed, Err(Refusal::ServerOnly { what: "a Letter Head with a script".into() }));
}

#[test]
fn messages_are_translated_with_and_without_their_context() {
    let mut site = (*site()).clone();
    let messages = [("Total", "Summe"), ("Change:Coins", "Rückgeld"), ("Change", "Ändern")];
    site.translations = messages.map(|(message, own)| (message.to_owned(), own.to_owned())).into();
    let source = "{{ _('Total') }} {{ _('Change', context='Coins') }} {{ _('Change') }} {{ _('Tax') }}";

    let printed = render(&html(source), &document("sale"), &Arc::new(site), Limits::default());

    let body = "Summe Rückgeld Ändern Tax".to_owned();
    assert_eq!(printed, Ok(Printed::Html { body, css: String::new() }));
}

#[test]
fn words_in_another_language_are_refused_only_where_they_are_printed() {
    let mut site = (*site()).clone();
    site.settings.language = "de".to_owned();
    let mut document = document("sale");
    document.fields.insert("in_words".to_owned(), Value::Null);
    let site = Arc::new(site);

    let without = render(&html("{{ doc.name }}"), &document, &site, Limits::default());
    let with = render(&html("{{ doc.in_words }}"), &document, &site, Limits::default());

    assert!(without.is_ok());
    assert!(matches!(with, Err(Refusal::NotHeld { .. })), "{with:?}");
}

/// Pieces of templates that belong together now and then.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "{{ doc.",
        "items",
        " for x in doc.items ",
        "{% for x in doc.items %}",
        "{% endfor %}",
        "{% if x %}",
        "{% endif %}",
        "{% set y = [",
        "]",
        " %}",
        ".append(",
        ")",
        "(",
        "|",
        "\"%.2f\" % ",
        "'",
        "\\x1b",
        "x.qty",
        " ~ ",
        "frappe.utils.",
        "fmt_money(",
        "doc.get_formatted('",
        "')",
        "|format(",
        "{% macro m(a) %}",
        "{% endmacro %}",
        "m(",
        "{'a': 1}",
        "[1, 2][",
        "::-1]",
        " * 99",
        "-",
        "٣",
        "é",
        "\n",
        "{% raw %}",
        "{% endraw %}",
        "namespace(",
        "loop.index",
        ".strftime('%",
        "getdate(",
        "1e308",
        "**",
        "//",
        "range(9",
        ".split('",
        "None",
    ];
    prop_oneof![prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), "[ -~]{0,4}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn any_template_ends_in_a_print_or_a_refusal(pieces in prop::collection::vec(piece(), 0..24)) {
        let source = pieces.concat();
        let limits = Limits { steps_max: 50_000, ..Limits::default() };

        let printed = render(&html(&source), &document("sale"), &site(), limits);

        if let Err(refusal) = printed {
            prop_assert!(refusal.to_string().starts_with("The print format"), "{refusal}");
        }
    }
}
