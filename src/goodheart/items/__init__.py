"""What is asked, as data: item banks in YAML, their loader, and the blind ratings that ship with them."""

from goodheart.items.bank import FORMS, GROUPS, Bank, Form, Item, Wording, bank_digest, text_of
from goodheart.items.load import load_bank, load_folder, public_banks

__all__ = [
    "FORMS",
    "GROUPS",
    "Bank",
    "Form",
    "Item",
    "Wording",
    "bank_digest",
    "load_bank",
    "load_folder",
    "public_banks",
    "text_of",
]
