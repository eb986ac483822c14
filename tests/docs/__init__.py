"""The pages people read: what they link to, show and promise is there."""
