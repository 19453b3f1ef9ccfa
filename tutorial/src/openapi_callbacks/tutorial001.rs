//! What the service calls at its clients, documented beside the operation that leads to it.

use aplomb::model::HttpUrl;
use aplomb::prelude::*;

#[derive(Model)]
struct Invoice {
    id: String,
    title: Option<String>,
    customer: String,
    total: f64,
}

#[derive(Model)]
struct InvoiceEvent {
    description: String,
    paid: bool,
}

#[derive(Model)]
struct InvoiceEventReceived {
    ok: bool,
}

#[post("{$callback_url}/invoices/{$request.body.id}")]
async fn invoice_notification(body: InvoiceEvent) -> InvoiceEventReceived {
    InvoiceEventReceived { ok: body.paid }
}

/// Create an invoice.
///
/// This will (let's imagine) let the API user (some external developer) create an
/// invoice.
///
/// And this path operation will:
///
/// * Send the invoice to the client.
/// * Collect the money from the client.
/// * Send a notification back to the API user (the external developer), as a callback.
///     * At this point is that the API will somehow send a POST request to the
///         external API with the notification of the invoice event
///         (e.g. "payment successful").
#[post("/invoices/", callbacks(invoice_notification))]
async fn create_invoice(invoice: Invoice, callback_url: Option<HttpUrl>) -> Value {
    let _ = (invoice, callback_url);
    json!({"msg": "Invoice received"})
}

pub fn app() -> App {
    App::new().routes(routes![create_invoice])
}
