"""Documents of each supported format to native manifests."""
