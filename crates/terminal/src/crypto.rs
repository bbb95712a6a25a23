//! WebCrypto: keys that cannot leave the browser, signatures, and encryption at rest.

use argon2::{Algorithm, Argon2, Params, Version};
use holdfast_sync::Signature;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// Bytes of the nonce before each encrypted text.
const NONCE: usize = 12;

/// The terminal's own keys: what it signs with, and what it keys PIN verifiers with. Neither can be exported.
#[derive(Clone, Debug)]
pub(crate) struct TerminalKeys {
    signing: CryptoKey,
    public: CryptoKey,
    keying: CryptoKey,
}

/// What journal, cart and customers are encrypted with. Lies on the disk only wrapped.
#[derive(Clone)]
pub(crate) struct DataKey {
    raw: [u8; 32],
    key: CryptoKey,
}

/// The browser refused, or what was to be decrypted was not encrypted with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the browser's cryptography refused")]
pub(crate) struct CryptoError;

impl From<JsValue> for CryptoError {
    fn from(_: JsValue) -> Self {
        Self
    }
}

fn subtle() -> SubtleCrypto {
    web_sys::window()
        .and_then(|window| window.crypto().ok())
        .expect("the page has WebCrypto: it is a secure context")
        .subtle()
}

fn object(pairs: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        Reflect::set(&object, &(*name).into(), value).expect("a plain object takes properties");
    }
    object
}

fn usages(names: &[&str]) -> JsValue {
    names.iter().map(|name| JsValue::from_str(name)).collect::<Array>().into()
}

fn bytes(value: &JsValue) -> Vec<u8> {
    Uint8Array::new(value).to_vec()
}

/// Random bytes.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok())
        .expect("the browser gives random bytes");
    bytes
}

impl TerminalKeys {
    /// Makes new keys.
    pub(crate) async fn generate() -> Result<Self, CryptoError> {
        let ecdsa = object(&[("name", "ECDSA".into()), ("namedCurve", "P-256".into())]);
        let pair =
            JsFuture::from(subtle().generate_key_with_object(&ecdsa, false, &usages(&["sign", "verify"]))?).await?;
        let hmac = object(&[("name", "HMAC".into()), ("hash", "SHA-256".into())]);
        let keying = JsFuture::from(subtle().generate_key_with_object(&hmac, false, &usages(&["sign"]))?).await?;
        let part = |name: &str| Reflect::get(&pair, &name.into()).map(JsValue::unchecked_into);
        Ok(Self { signing: part("privateKey")?, public: part("publicKey")?, keying: keying.unchecked_into() })
    }

    /// The keys as IndexedDB can hold them, still closed.
    pub(crate) fn to_js(&self) -> JsValue {
        object(&[
            ("signing", self.signing.clone().into()),
            ("public", self.public.clone().into()),
            ("keying", self.keying.clone().into()),
        ])
        .into()
    }

    /// Takes the keys from IndexedDB.
    pub(crate) fn from_js(value: &JsValue) -> Option<Self> {
        let part = |name: &str| Reflect::get(value, &name.into()).ok()?.dyn_into::<CryptoKey>().ok();
        Some(Self { signing: part("signing")?, public: part("public")?, keying: part("keying")? })
    }

    /// The public key's point, 65 bytes.
    pub(crate) async fn public_key(&self) -> Result<Vec<u8>, CryptoError> {
        Ok(bytes(&JsFuture::from(subtle().export_key("raw", &self.public)?).await?))
    }

    /// Signs.
    pub(crate) async fn sign(&self, message: &[u8]) -> Result<Signature, CryptoError> {
        let algorithm = object(&[("name", "ECDSA".into()), ("hash", "SHA-256".into())]);
        let message = Uint8Array::from(message);
        let signed = subtle().sign_with_object_and_buffer_source(&algorithm, &self.signing, &message)?;
        bytes(&JsFuture::from(signed).await?).try_into().map(Signature).map_err(|_| CryptoError)
    }

    /// Turns a PIN's verifier into a key that exists on this terminal only.
    async fn wrapping_key(&self, verifier: &[u8]) -> Result<CryptoKey, CryptoError> {
        let verifier = Uint8Array::from(verifier);
        let keyed = subtle().sign_with_str_and_buffer_source("HMAC", &self.keying, &verifier)?;
        import(&bytes(&JsFuture::from(keyed).await?)).await
    }

    /// Wraps the data key for somebody with this verifier.
    pub(crate) async fn wrap(&self, data: &DataKey, verifier: &[u8]) -> Result<Vec<u8>, CryptoError> {
        encrypt(&self.wrapping_key(verifier).await?, &data.raw).await
    }

    /// Opens the data key; an error means that the PIN was another.
    pub(crate) async fn unwrap(&self, wrapped: &[u8], verifier: &[u8]) -> Result<DataKey, CryptoError> {
        let raw = decrypt(&self.wrapping_key(verifier).await?, wrapped).await?;
        DataKey::new(raw.try_into().map_err(|_| CryptoError)?).await
    }
}

impl DataKey {
    /// Uses these bytes.
    pub(crate) async fn new(raw: [u8; 32]) -> Result<Self, CryptoError> {
        Ok(Self { raw, key: import(&raw).await? })
    }

    /// Encrypts under a fresh nonce.
    pub(crate) async fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        encrypt(&self.key, plain).await
    }

    /// Decrypts.
    pub(crate) async fn decrypt(&self, encrypted: &[u8]) -> Result<Vec<u8>, CryptoError> {
        decrypt(&self.key, encrypted).await
    }
}

async fn import(raw: &[u8]) -> Result<CryptoKey, CryptoError> {
    let raw = Uint8Array::from(raw);
    let aes = object(&[("name", "AES-GCM".into())]);
    let imported = subtle().import_key_with_object("raw", &raw, &aes, false, &usages(&["encrypt", "decrypt"]))?;
    Ok(JsFuture::from(imported).await?.unchecked_into())
}

fn gcm(nonce: &[u8]) -> Object {
    object(&[("name", "AES-GCM".into()), ("iv", Uint8Array::from(nonce).into())])
}

async fn encrypt(key: &CryptoKey, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let nonce = random::<NONCE>();
    let plain = Uint8Array::from(plain);
    let text = JsFuture::from(subtle().encrypt_with_object_and_buffer_source(&gcm(&nonce), key, &plain)?).await?;
    Ok([nonce.to_vec(), bytes(&text)].concat())
}

async fn decrypt(key: &CryptoKey, encrypted: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let (nonce, text) = encrypted.split_at_checked(NONCE).ok_or(CryptoError)?;
    let text = Uint8Array::from(text);
    let plain = subtle().decrypt_with_object_and_buffer_source(&gcm(nonce), key, &text)?;
    Ok(bytes(&JsFuture::from(plain).await?))
}

/// What Argon2id makes of a PIN: about a tenth of a second of work.
pub(crate) fn pin_verifier(pin: &str, salt: &[u8], memory_kib: u32, passes: u32, lanes: u32) -> Option<Vec<u8>> {
    let params = Params::new(memory_kib, passes, lanes, Some(32)).ok()?;
    let mut out = vec![0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(pin.as_bytes(), salt, &mut out).ok()?;
    Some(out)
}
