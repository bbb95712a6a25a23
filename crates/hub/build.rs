//! Puts the built app into the binary: every file of the folder that `HOLDFAST_APP_DIR` names, none if it is not set.

use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-env-changed=HOLDFAST_APP_DIR");
    let mut table = String::from("&[\n");
    if let Some(folder) = env::var_os("HOLDFAST_APP_DIR") {
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files: Vec<_> = fs::read_dir(&folder)
            .expect("HOLDFAST_APP_DIR names a folder")
            .map(|entry| entry.expect("the folder can be listed").path())
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        for path in files {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            let path = path.canonicalize().expect("the file is there");
            writeln!(table, "    ({name:?}, include_bytes!({:?})),", path.to_string_lossy())
                .expect("written to a string");
        }
    }
    table.push(']');
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("app_files.rs"), table).expect("the output folder can be written");
}
