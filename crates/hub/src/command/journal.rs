//! `holdfast journal`.

use holdfast_hub::report;
use holdfast_store::Store;

/// Prints what the hub holds of each journal.
pub(crate) fn show_journals(data: &std::path::Path, terminal: Option<&str>, json: bool) -> anyhow::Result<()> {
    let store = Store::open_read_only(data)?;
    let mut journals = report::journals(&store)?;
    journals.retain(|journal| terminal.is_none_or(|code| journal.code == code));
    if json {
        println!("{}", serde_json::to_string_pretty(&journals)?);
        return Ok(());
    }
    for journal in journals {
        let state = if journal.is_intact { "intact" } else { "DAMAGED" };
        println!("{}  {}  {} entries, {state}", journal.code, journal.name, journal.entries);
        if journal.forked > 0 {
            println!("    This journal exists twice: {} entries of the second line are kept.", journal.forked);
        }
        for sale in journal.sales {
            println!("    {:>6}  {}  {}  {:>10.2}", sale.seq, sale.posted_local, sale.receipt_number, sale.payable);
        }
    }
    Ok(())
}
