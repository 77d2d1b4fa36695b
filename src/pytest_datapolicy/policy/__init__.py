"""Policy files to one merged policy."""
