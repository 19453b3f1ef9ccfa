//! What a person does with a browser besides clicking, and how the page appears to them.

use aplomb::json;
use aplomb::json::Value;

use crate::webdriver::Browser;

impl Browser {
    /// Presses keys, one after the other, wherever the focus is.
    pub(crate) fn press(&self, keys: impl IntoIterator<Item = char>) {
        let actions = keys.into_iter().flat_map(|key| {
            let key = key.to_string();
            ["keyDown", "keyUp"].map(|what| json!({"type": what, "value": key.as_str()}))
        });
        let actions: Value = actions.collect();
        let keyboard = json!([{"type": "key", "id": "keyboard", "actions": actions}]);
        self.post("/actions", &json!({"actions": keyboard}));
    }

    /// Shows the page in a window of this size, to somebody who wants it dark or not.
    pub(crate) fn appear(&self, width: u32, height: u32, dark: bool) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.command("Emulation.setDeviceMetricsOverride", &size);
        let scheme = if dark { "dark" } else { "light" };
        let scheme = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.command("Emulation.setEmulatedMedia", &json!({"features": scheme}));
    }

    /// Tells Chromium something that is no part of WebDriver.
    pub(crate) fn command(&self, command: &str, parameters: &Value) {
        let command = json!({"cmd": command, "params": parameters});
        self.post("/goog/cdp/execute", &command);
    }

    /// What the browser complained of since it was asked last.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let entries = self.post("/se/log", &json!({"type": "browser"}));
        let entries = entries.as_array().unwrap_or_default().iter();
        let text = |entry: &Value| entry["message"].as_str().map(str::to_owned);
        entries.filter_map(text).collect()
    }
}
