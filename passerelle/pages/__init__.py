"""The pages of the app, one module each: `page(ecosystem)` draws it. A page never computes; the facade does."""
