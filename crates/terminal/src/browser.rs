//! Clocks, timers and the page.

use holdfast_engine::Date;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

pub(crate) fn window() -> web_sys::Window {
    web_sys::window().expect("the app runs in a window")
}

/// This device's clock, Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// How long this page has been open, in milliseconds, by a clock that nobody sets.
pub(crate) fn open_ms() -> i64 {
    window().performance().map_or(0, |performance| performance.now() as i64)
}

fn local(ms: i64) -> js_sys::Date {
    js_sys::Date::new(&JsValue::from_f64(ms as f64))
}

/// The shop's calendar day of a moment.
pub(crate) fn local_date(ms: i64) -> Date {
    let date = local(ms);
    let year = i32::try_from(date.get_full_year()).unwrap_or(1970);
    Date::new(year, date.get_month() + 1, date.get_date()).unwrap_or_default()
}

/// Seconds since midnight by the shop's wall clock.
pub(crate) fn local_seconds(ms: i64) -> u32 {
    let date = local(ms);
    (date.get_hours() * 60 + date.get_minutes()) * 60 + date.get_seconds()
}

/// The hour of the shop's wall clock.
pub(crate) fn local_hour(ms: i64) -> u32 {
    local(ms).get_hours()
}

/// `14:05` by the shop's wall clock.
pub(crate) fn local_time(ms: i64) -> String {
    let date = local(ms);
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// `2026-11-24 14:05:33` by the shop's wall clock.
pub(crate) fn local_timestamp(ms: i64) -> String {
    let date = local(ms);
    format!("{} {:02}:{:02}:{:02}", local_date(ms), date.get_hours(), date.get_minutes(), date.get_seconds())
}

/// A timer that is stopped when dropped.
pub(crate) struct Timer {
    handle: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.handle);
    }
}

/// Calls back once.
pub(crate) fn set_timeout(ms: i32, callback: impl FnOnce() + 'static) -> Timer {
    let mut callback = Some(callback);
    let callback = Closure::<dyn FnMut()>::new(move || {
        if let Some(callback) = callback.take() {
            callback();
        }
    });
    let handle = window()
        .set_timeout_with_callback_and_timeout_and_arguments_0(callback.as_ref().unchecked_ref(), ms)
        .expect("a window has timers");
    Timer { handle, _callback: callback }
}

/// Waits.
pub(crate) async fn sleep(ms: i32) {
    let promise = Promise::new(&mut |resolve: Function, _| browser_timer(&resolve, ms));
    // A timer's promise is only ever resolved.
    let _ = JsFuture::from(promise).await;
}

/// Lets the browser paint before heavy work begins. A page that is not seen is never painted and does not wait for it.
pub(crate) async fn paint() {
    let promise = Promise::new(&mut |resolve: Function, _| {
        let window = window();
        let painted = Closure::once_into_js({
            let resolve = resolve.clone();
            // The frame is drawn after this callback; what a timer calls comes after the frame.
            move || browser_timer(&resolve, 0)
        });
        let _ = window.request_animation_frame(painted.unchecked_ref());
        browser_timer(&resolve, 40);
    });
    // A timer's promise is only ever resolved.
    let _ = JsFuture::from(promise).await;
}

fn browser_timer(callback: &Function, ms: i32) {
    let set = window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, ms);
    set.expect("a window has timers");
}

fn page_element() -> Option<HtmlElement> {
    window().document()?.document_element()?.dyn_into::<HtmlElement>().ok()
}

/// Reads `data-name` of the page: how the boot script tells this app something.
pub(crate) fn page(name: &str) -> Option<String> {
    page_element()?.get_attribute(&format!("data-{name}"))
}

/// Sets `data-name` on the page: how this app tells the boot script about itself.
pub(crate) fn set_page(name: &str, value: &str) {
    if let Some(root) = page_element() {
        // A data attribute with a plain name is always accepted.
        let _ = root.set_attribute(&format!("data-{name}"), value);
    }
}

/// Prints a receipt: only the print area is printed.
pub(crate) fn print(html: &str) {
    let document = window().document();
    if let Some(area) = document.and_then(|document| document.get_element_by_id("print-area")) {
        area.set_inner_html(html);
        // A printer that is missing or out of paper never stops a sale.
        let _ = window().print();
    }
}

/// Asks the browser never to throw this data away.
pub(crate) async fn persist_storage() -> bool {
    match window().navigator().storage().persist() {
        Ok(promise) => JsFuture::from(promise).await.is_ok_and(|granted| granted.is_truthy()),
        Err(_) => false,
    }
}

/// The share of the storage quota that is used, 0 to 1.
pub(crate) async fn storage_used() -> Option<f64> {
    let estimate = JsFuture::from(window().navigator().storage().estimate().ok()?).await.ok()?;
    let read = |name: &str| js_sys::Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some(read("usage")? / read("quota")?.max(1.0))
}
