"""Who somebody is here: joining, connecting another phone, what is known of them, leaving."""
