//! Scenarios that once failed, made small and kept: seeds age, files do not.

use holdfast_simulator::{Scenario, run};
use std::{fs, path::PathBuf};

#[test]
fn what_once_failed_holds_for_ever() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder is there").map(|file| file.expect("it is readable").path()).collect();
    files.sort();
    assert!(!files.is_empty());

    for file in files {
        let text = fs::read_to_string(&file).expect("it is readable");
        let scenario: Scenario = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"));

        assert_eq!(run(&scenario).violation, None, "{file:?}");
    }
}
