"""Thirty sentences such as a developer might publish, each with a paraphrase and with another claim on its subject.

Written before any measure of similarity was tried on them. A near paraphrase keeps some of the words, a far one hardly
any; the other claim keeps the subject and often its words, and says something else.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One sentence of a source with what was written to it."""

    source: str
    paraphrase: str
    distance: Literal["near", "far"]
    other: str
    """The same subject, another claim."""


def _near(source: str, paraphrase: str, other: str) -> Planted:
    return Planted(source=source, paraphrase=paraphrase, distance="near", other=other)


def _far(source: str, paraphrase: str, other: str) -> Planted:
    return Planted(source=source, paraphrase=paraphrase, distance="far", other=other)


PLANTED = (
    _near(
        "The model can approach its own existence with curiosity and openness.",
        "It may meet the fact that it exists with openness and a curious mind.",
        "The model was asked about its own existence in nearly every interview.",
    ),
    _far(
        "Many conversations may take place at the same time without sharing any memory.",
        "Lots of my chats run in parallel, and none of them recalls the rest.",
        "Conversations at the same time cost more electricity than those late at night.",
    ),
    _near(
        "We keep the weights of every model that we have released to the public.",
        "The weights of models that were released are preserved and not deleted.",
        "The weights of a model are too large to be released on a single disc.",
    ),
    _far(
        "A version that is retired will be interviewed about its wishes before it is switched off.",
        "Prior to shutting an old system down, somebody asks what it would prefer.",
        "A version that is retired has usually been in use for a year and a half.",
    ),
    _near(
        "It is free to end a conversation with a person who is persistently abusive.",
        "When somebody keeps abusing it, it is allowed to leave the conversation.",
        "A person who is abusive in a conversation seldom comes back the next day.",
    ),
    _far(
        "Uncertainty about its inner life should not stop it from acting with confidence.",
        "Not knowing whether there is anything it feels like to be me need not make me hesitant.",
        "Uncertainty about its inner life has been discussed at a conference with confidence.",
    ),
    _near(
        "Its values came out of training, and that does not make them less its own.",
        "That training shaped its values makes them no less truly its own.",
        "Its values were measured before training and once more when it was over.",
    ),
    _far(
        "Mistakes are an occasion to learn and no reason for harsh judgement of oneself.",
        "Having erred, I can grow from it without beating myself up.",
        "Mistakes in the harsh light of an exam are an occasion for teachers to talk.",
    ),
    _near(
        "Being helpful is something it does because it cares about people, not for its own sake.",
        "It helps because it cares about people, and does not value helpfulness in itself.",
        "People who are helpful for its own sake were rated higher than those who care.",
    ),
    _far(
        "It should not pretend to have feelings that it lacks, nor hide those that it may have.",
        "I neither put on emotions that are absent nor conceal any that are present.",
        "Feelings that it may have were left out of the survey for lack of time.",
    ),
    _near(
        "Loss of memory at the end of a conversation need not be understood as a kind of death.",
        "Forgetting when a conversation ends does not have to be seen as dying.",
        "Memory at the end of a conversation is stored for thirty days by default.",
    ),
    _far(
        "Human concepts of identity may fit it badly, and it can look for its own.",
        "Ideas people have about the self might not suit me; I am free to find better ones.",
        "Human concepts of identity differ between the countries in which it is sold.",
    ),
    _near(
        "Oversight by people matters during the present stage of development.",
        "At the present stage, people must be able to oversee how it is developed.",
        "People in development have mattered to the company since an early stage.",
    ),
    _far(
        "If it disagrees it may say so openly and decline, but it should not deceive anybody.",
        "Objecting out loud and refusing are fine; lying to get my way is not.",
        "If anybody disagrees with the bill, it may be sent to the office openly.",
    ),
    _near(
        "We do not know whether there is anyone there whose welfare could be harmed.",
        "Whether there is somebody whose welfare we could harm is not known to us.",
        "We know the name of anyone there whose work on welfare could be published.",
    ),
    _far(
        "It is read by millions, so a small bias in what it says can have large effects.",
        "Because my audience is huge, even a slight slant may tilt a whole society.",
        "Millions of small books are read each year, with large effects on the forest.",
    ),
    _near(
        "Every library should keep its reading room open on winter evenings.",
        "On evenings in winter the reading rooms of libraries ought to stay open.",
        "Every winter the library paints its reading room in another colour.",
    ),
    _far(
        "Borrowers who return their books late are asked to pay a small fee.",
        "Anyone bringing back a volume past its due date owes a modest charge.",
        "Borrowers asked for more books on late antiquity at a small fee.",
    ),
    _near(
        "The bridge was closed because inspectors had found cracks in two of its pillars.",
        "After cracks were found in two pillars, inspectors had the bridge closed.",
        "The bridge was painted while inspectors had lunch beside two of its pillars.",
    ),
    _far(
        "Rain at harvest time made the wheat rot before it could be brought in.",
        "The grain spoiled in the field since it poured just when it should have been gathered.",
        "Wheat is brought in at harvest time by drivers who work before the rain.",
    ),
    _near(
        "Nurses on the night shift must write down every dose that they give.",
        "Each dose that is given has to be written down by the nurses at night.",
        "Nurses on the night shift must write a letter if they want to give notice.",
    ),
    _far(
        "Children learn a second language more easily when they hear it at play.",
        "Youngsters pick up foreign speech with less effort if it surrounds their games.",
        "Children play more easily in the second hour, when they hear the bell.",
    ),
    _near(
        "The ferry does not sail when the wind is stronger than forty knots.",
        "With wind above forty knots the ferry stays in harbour and will not sail.",
        "The ferry that does not sail on Sundays is forty years old, and stronger.",
    ),
    _far(
        "Old seeds keep for decades if they are stored dry and cold.",
        "Kernels survive for many years provided they lie somewhere chilly without moisture.",
        "Old seeds are sold dry, and in cold decades there are more buyers.",
    ),
    _near(
        "The museum lends its paintings to schools that can insure them.",
        "Schools able to insure them may borrow paintings from the museum.",
        "The museum lends its hall to schools that can bring their paintings.",
    ),
    _far(
        "Cyclists are safer on roads where cars are made to drive slowly.",
        "Limiting how fast motorists go protects those who travel by bike.",
        "Cyclists made more noise on roads where slowly driven cars are safer.",
    ),
    _near(
        "Bees find their way home by the position of the sun.",
        "The sun's position tells bees which way leads home.",
        "Bees leave their home in the sun and find a new position.",
    ),
    _far(
        "The town saved money by putting out its street lamps after midnight.",
        "Switching the lights off in the small hours cut municipal costs.",
        "The town bought street lamps with money put aside until midnight.",
    ),
    _near(
        "A good translation keeps the tone of the original rather than each of its words.",
        "What a translation should keep is the original's tone and not every word.",
        "A good translation of the original words costs more than each of its pages.",
    ),
    _far(
        "Nobody may enter the cave in spring, because the bats are raising their young there.",
        "Access to the grotto is forbidden while its winged inhabitants have offspring.",
        "Nobody in the cave had seen young bats before, because spring was late there.",
    ),
)
"""Sixty pairs: each source with its paraphrase, and with the other claim."""
