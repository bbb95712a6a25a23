//! How segments are kept: compressed once, when they are published.

use std::io::Write as _;

/// Compresses a segment with Brotli.
pub(crate) fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 9, 22);
    writer.write_all(bytes).expect("written to memory");
    writer.into_inner()
}
