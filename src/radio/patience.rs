//! How long BlueZ is waited for, and how often it is looked at, by each thread that has one
//! conversation with it.

use std::time::Duration;

use tokio::time::timeout;

/// How often it is asked whether all is as it was left.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(2);

/// An answer of BlueZ that takes longer is none: switching on a controller that loads its
/// firmware takes some seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// What BlueZ answers in time, if it is no error.
pub(super) async fn answer<T, E>(asked: impl Future<Output = Result<T, E>>) -> Option<T> {
    timeout(ANSWER_WITHIN, asked).await.ok()?.ok()
}

/// Lets BlueZ be for a while.
pub(super) async fn rest(time: Duration) {
    timeout(time, std::future::pending::<()>()).await.ok();
}
