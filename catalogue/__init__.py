"""The catalogue's way in: demo data of any size, imports of real files, and the pictures drawn for the demo."""
