"""All runs of one respondent side by side: what each folder says, where channels agree, how far the claims reach."""

from goodheart.overview.agreement import Agreement, PairAgreement, Parting, agreement_of
from goodheart.overview.assembled import Overview, overview_of
from goodheart.overview.channels import ChannelRow, rows_of
from goodheart.overview.ladder import Rung, ladder_of, reached
from goodheart.overview.measured import Measured, Unread, measure_channels
from goodheart.overview.sources import Source, checked

__all__ = [
    "Agreement",
    "ChannelRow",
    "Measured",
    "Overview",
    "PairAgreement",
    "Parting",
    "Rung",
    "Source",
    "Unread",
    "agreement_of",
    "checked",
    "ladder_of",
    "measure_channels",
    "overview_of",
    "reached",
    "rows_of",
]
