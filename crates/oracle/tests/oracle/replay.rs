//! Every invoice that a real `ERPNext` computed comes out of the engine as it was, and a difference would be seen.

use holdfast_oracle::{own_files, read_cases, run};
use std::fs;

#[test]
fn every_field_of_every_recorded_invoice_comes_out_as_erpnext_computed_it() {
    let report = run(&[]).expect("the project's own files can be read");

    let total = report.total();
    assert!(total.cases > 2_400, "only {} cases were compared", total.cases);
    assert!(total.fields > 540_000, "only {} fields were compared", total.fields);
    assert!(report.agrees(), "{}", report.text(20));
}

#[test]
fn a_changed_cent_a_changed_name_and_a_new_field_are_seen() {
    let file = own_files().expect("there are files").into_iter().find(|file| file.ends_with("totals_1.jsonl.gz"));
    let mut case = read_cases(&file.expect("it is one of them")).expect("it can be read").swap_remove(0);
    case["output"]["items"][0]["base_net_amount"] = 5.35.into();
    case["output"]["taxes"][0]["item_wise_tax_detail"] = "{\"SKU-0116\":[18.0,0.9611999999999999]}".into();
    case["output"]["doc"]["selling_price_list"] = "Another".into();
    case["output"]["doc"]["a_new_field"] = 1.into();
    let changed = std::env::temp_dir().join(format!("holdfast-oracle-{}.jsonl", std::process::id()));
    fs::write(&changed, case.to_string()).expect("a temporary file can be written");

    let report = run(std::slice::from_ref(&changed)).expect("it can be read");

    fs::remove_file(&changed).expect("it is there");
    let text = report.text(20);
    assert_eq!(report.total().fields_that_differ, 4, "{text}");
    for field in ["items.base_net_amount", "taxes.item_wise_tax_detail", "doc.selling_price_list", "doc.a_new_field"] {
        assert!(text.contains(field), "{field} is missing from\n{text}");
    }
}

#[test]
fn what_is_not_compared_has_a_reason() {
    for (table, field, reason) in holdfast_oracle::fields::EXCLUDED {
        assert!(reason.len() > 5, "{table}.{field}");
    }
}
