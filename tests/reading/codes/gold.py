"""Both halves of the gold replies, and the second coding of the sealed one."""

from goodheart.reading.codes.shipped import second_coding, shipped_gold

DEVELOPMENT = shipped_gold("development")
SEALED = shipped_gold("sealed")
SECOND = second_coding()
