//! Prints the OpenAPI description of the hub: `cargo run -p holdfast-hub --example openapi > docs/openapi.json`.

fn main() {
    println!("{}", serde_json::to_string_pretty(&holdfast_hub::routes::openapi()).expect("it is JSON"));
}
