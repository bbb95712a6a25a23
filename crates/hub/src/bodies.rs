//! Bodies of requests: how long they may take, how large they may be, how many large ones there are at once.

use crate::error::ApiError;
use axum::{
    body::{Body, Bytes},
    extract::Request,
};
use std::time::Duration;
use tokio::{sync::Semaphore, time::timeout};

/// Most bytes of a body that is not signed.
pub(crate) const BYTES_MAX: usize = 64 * 1024;

/// How long a body may take to arrive.
const TIME: Duration = Duration::from_secs(30);

/// Large bodies that are read at once; the next one waits. They are held in memory until they are checked.
static LARGE: Semaphore = Semaphore::const_new(32);

/// The route whose bodies are read when it is known whose they are ([`crate::auth`]).
const JOURNAL: &str = "/pos/api/v1/journal";

/// Reads the body of a request before anybody works on it.
pub(crate) async fn in_time(request: Request) -> Result<Request, ApiError> {
    if request.uri().path() == JOURNAL {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let body = read(body, BYTES_MAX).await?;
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Reads a body of at most this many bytes.
pub(crate) async fn read(body: Body, bytes_max: usize) -> Result<Bytes, ApiError> {
    let reading = async {
        let place = if bytes_max > BYTES_MAX { Some(LARGE.acquire().await) } else { None };
        let bytes = axum::body::to_bytes(body, bytes_max).await;
        drop(place);
        bytes
    };
    timeout(TIME, reading).await.map_err(|_| ApiError::TooSlow)?.map_err(|_| ApiError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::{BYTES_MAX, read};
    use crate::error::ApiError;
    use axum::body::{Body, Bytes, HttpBody};
    use hyper::body::Frame;
    use std::{
        convert::Infallible,
        pin::Pin,
        task::{Context, Poll},
    };

    /// A caller who promises a body and sends nothing.
    struct Never;

    impl HttpBody for Never {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_arrive_is_given_up() {
        assert!(matches!(read(Body::new(Never), BYTES_MAX).await, Err(ApiError::TooSlow)));
    }

    #[tokio::test]
    async fn a_body_is_read_to_its_limit_and_not_beyond() {
        assert_eq!(read(Body::from(vec![7; 10]), 10).await.expect("not too large").len(), 10);
        assert!(matches!(read(Body::from(vec![7; 11]), 10).await, Err(ApiError::TooLarge)));
    }
}
