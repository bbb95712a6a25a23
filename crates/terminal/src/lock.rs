//! One tab, one journal: a Web Lock that is held as long as the page lives.

use crate::browser;
use js_sys::{Function, Object, Promise, Reflect};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

const NAME: &str = "holdfast-journal";

/// Takes the lock if nobody has it, or from whoever has it with `steal`. Says whether it was taken; calls `lost` should
/// another tab take it over later.
pub(crate) async fn acquire(steal: bool, lost: impl FnOnce() + 'static) -> bool {
    let (granted, answer) = channel();
    let granted_once = Rc::new(RefCell::new(Some(answer)));
    let callback = {
        let granted = Rc::clone(&granted_once);
        Closure::<dyn FnMut(JsValue) -> Promise>::new(move |lock: JsValue| {
            let is_ours = !lock.is_null();
            if let Some(answer) = granted.borrow_mut().take() {
                call(&answer, is_ours);
            }
            // A promise that never ends keeps the lock.
            if is_ours { Promise::new(&mut |_, _| {}) } else { Promise::resolve(&JsValue::UNDEFINED) }
        })
    };
    let held = request(steal, callback.as_ref().unchecked_ref());
    callback.forget();
    spawn_local(async move {
        let ended = match held {
            Ok(promise) => JsFuture::from(promise).await,
            Err(error) => Err(error),
        };
        if let Some(answer) = granted_once.borrow_mut().take() {
            call(&answer, false);
        } else if ended.is_err() {
            lost();
        }
    });
    JsFuture::from(granted).await.is_ok_and(|value| value.is_truthy())
}

fn request(steal: bool, callback: &Function) -> Result<Promise, JsValue> {
    let locks = Reflect::get(&browser::window().navigator(), &"locks".into())?;
    let options = Object::new();
    Reflect::set(&options, &if steal { "steal" } else { "ifAvailable" }.into(), &JsValue::TRUE)?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    request.call3(&locks, &NAME.into(), &options, callback)?.dyn_into()
}

/// A promise and the function that resolves it.
fn channel() -> (Promise, Function) {
    let mut resolve = None;
    let promise = Promise::new(&mut |resolved, _| resolve = Some(resolved));
    (promise, resolve.expect("a promise hands its resolver out at once"))
}

fn call(function: &Function, value: bool) {
    // A promise's own resolver does not throw.
    let _ = function.call1(&JsValue::UNDEFINED, &value.into());
}
