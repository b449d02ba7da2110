//! What whoever connects may read: a service for each place an answer of the plan belongs to, that
//! always answers with the value of the moment. No pairing is asked for and nothing can be written.

use bluer::Uuid;
use bluer::gatt::local::{
    Application, Characteristic, CharacteristicRead, CharacteristicReadRequest, ReqError,
    ReqResult, Service,
};
use futures_util::FutureExt;
use tokio::sync::watch;

use crate::domain::beacon::Plan;
use crate::domain::network::gatt::GattId;

/// These services, answered out of the plan that is in force when they are read.
pub(super) fn application(served: &[GattId], plans: &watch::Receiver<Plan>) -> Application {
    let services = served.iter().map(|&gatt| service(gatt, plans.clone())).collect();
    Application { services, ..Application::default() }
}

fn service(gatt: GattId, plans: watch::Receiver<Plan>) -> Service {
    let read = CharacteristicRead {
        read: true,
        fun: Box::new(move |request| {
            let read = value(gatt, &plans.borrow(), &request);
            async move { read }.boxed()
        }),
        ..CharacteristicRead::default()
    };
    let characteristic = Characteristic {
        uuid: Uuid::from_u128(gatt.characteristic),
        read: Some(read),
        ..Characteristic::default()
    };
    Service {
        uuid: Uuid::from_u128(gatt.service),
        primary: true,
        characteristics: vec![characteristic],
        ..Service::default()
    }
}

/// What is read there, from where a long reading has come to.
fn value(gatt: GattId, plan: &Plan, request: &CharacteristicReadRequest) -> ReqResult<Vec<u8>> {
    let answer = plan.answers.iter().find(|answer| answer.gatt == gatt);
    let value = answer.ok_or(ReqError::NotPermitted)?.value.as_slice();
    value.get(usize::from(request.offset)..).map(<[u8]>::to_vec).ok_or(ReqError::InvalidOffset)
}
