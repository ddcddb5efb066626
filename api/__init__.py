"""The counter: serves a snapshot over HTTP. Knows HTTP; asks ``kg``."""
