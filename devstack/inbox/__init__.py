"""An SMTP server whose mails are read on a web page: what Haat sends on this machine goes nowhere else."""
