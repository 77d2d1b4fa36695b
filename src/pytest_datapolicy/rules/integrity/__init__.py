"""Rules that every manifest meets, always on."""
