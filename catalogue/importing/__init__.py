"""Files of products and categories into the catalogue: any seller's columns, streamed, without doubles."""
