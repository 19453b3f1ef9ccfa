//! The settings of the apps that keep them in a module of their own.

use aplomb::Model;

#[derive(Clone, Model)]
pub struct Settings {
    #[field(default = "Awesome API")]
    pub app_name: String,
    pub admin_email: String,
    #[field(default = 50)]
    pub items_per_user: i64,
}
