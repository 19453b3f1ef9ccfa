//! Packs the scripts and styles of the documentation pages for `openapi::pages`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "docs-ui")]
    assets::pack()?;
    Ok(())
}

#[cfg(feature = "docs-ui")]
mod assets {
    use std::borrow::Cow;
    use std::error::Error;
    use std::io::{Cursor, Read, Write};
    use std::path::{Path, PathBuf};
    use std::{env, fs};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    type Result<T> = std::result::Result<T, Box<dyn Error>>;

    /// A folder whose files replace those of the build dependencies, for other versions of them.
    const OVERRIDE: &str = "APLOMB_DOCS_UI_DIR";

    /// ReDoc asks its maker for this picture; pages must not ask anybody but the service.
    const FOREIGN_LOGO: &str = "https://cdn.redoc.ly/redoc/logo-mini.svg";

    pub(super) fn pack() -> Result<()> {
        println!("cargo::rerun-if-env-changed={OVERRIDE}");
        let folder = env::var_os(OVERRIDE).map(PathBuf::from);
        let target = PathBuf::from(env::var("OUT_DIR")?);
        for name in [
            "swagger-ui-bundle.js",
            "swagger-ui.css",
            "redoc.standalone.js",
        ] {
            let bytes = match folder.as_ref().map(|folder| folder.join(name)) {
                Some(file) if file.exists() => {
                    println!("cargo::rerun-if-changed={}", file.display());
                    fs::read(file)?
                }
                _ if name.starts_with("redoc") => redoc()?,
                _ => swagger(name)?,
            };
            compress(&target.join(format!("{name}.gz")), &bytes)?;
        }
        Ok(())
    }

    fn swagger(name: &str) -> Result<Vec<u8>> {
        let archive = Cursor::new(utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED);
        let mut archive = zip::ZipArchive::new(archive)?;
        let ending = format!("/dist/{name}");
        let path = archive
            .file_names()
            .filter_map(std::result::Result::ok)
            .find(|path| path.ends_with(&ending))
            .map(Cow::into_owned);
        let path = path.ok_or_else(|| format!("the Swagger UI archive has no dist/{name}"))?;
        let mut bytes = Vec::new();
        archive.by_name(&path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The script out of a page that holds it whole, between the start of the first script and
    /// the call behind it.
    fn redoc() -> Result<Vec<u8>> {
        let page = aide::redoc::Redoc::new("").html();
        let start = page
            .find("<script>")
            .ok_or("the ReDoc page has no script")?;
        let end = page
            .rfind("Redoc.init(\"")
            .ok_or("the ReDoc page does not start it")?;
        let script = &page[start + "<script>".len()..end];
        Ok(script.trim().replace(FOREIGN_LOGO, "data:,").into_bytes())
    }

    fn compress(file: &Path, bytes: &[u8]) -> Result<()> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes)?;
        Ok(fs::write(file, encoder.finish()?)?)
    }
}
