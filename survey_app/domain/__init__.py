"""The pure core: words, rules, measures of DOMAIN.md. No IO, clock, wording or framework."""
