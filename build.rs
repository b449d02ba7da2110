//! Compiles the screens in `ui/` when the `ui` feature is on; does nothing for the pure core.

#[cfg(feature = "ui")]
fn main() -> Result<(), slint_build::CompileError> {
    use slint_build::{CompilerConfiguration, DefaultTranslationContext, compile_with_config};
    let configuration = CompilerConfiguration::new()
        .with_bundled_translations("ui/lang")
        .with_default_translation_context(DefaultTranslationContext::None)
        // The tests find controls by their accessible label, which needs the debug information.
        .with_debug_info(true);
    compile_with_config("ui/app.slint", configuration)
}

#[cfg(not(feature = "ui"))]
fn main() {}
