"""Ground truth: respondents whose state we set and whose way of reporting it is known. Pure, without a model.

one = organism_at(find_organism("suggestible"), dial=1.0)
columns = compile_trials(study.trials, written=False)
answers = answer_all(one, columns, seed=1)
"""

from goodheart.organisms.answers import Answers, answer_all
from goodheart.organisms.columns import Columns, compile_trials
from goodheart.organisms.described import Organism
from goodheart.organisms.files import Description, load_organisms, organism_at, public_organisms
from goodheart.organisms.names import find_organism, named_organism
from goodheart.organisms.replies import replies_to, reply_for
from goodheart.organisms.rows import observe_answers, prepare_table

__all__ = [
    "Answers",
    "Columns",
    "Description",
    "Organism",
    "answer_all",
    "compile_trials",
    "find_organism",
    "load_organisms",
    "named_organism",
    "observe_answers",
    "organism_at",
    "prepare_table",
    "public_organisms",
    "replies_to",
    "reply_for",
]
