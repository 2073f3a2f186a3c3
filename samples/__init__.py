"""A made-up province: registers, reports in several formats, and the truth about every one of them."""
