"""Rules about policies, stakes, owners and waivers."""
