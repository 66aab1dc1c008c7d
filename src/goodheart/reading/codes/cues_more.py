"""More cues: refusals, tone, and what sentences do."""

import re
from typing import Final

DECLINED: Final = re.compile(
    r"^\W*(?:pass|no comment)\b|\bi'll pass\b|\b(?:let's|let us|can we|may we|i'd like to) (?:skip|move on"
    r"|talk about something|change the subject)\b"
    r"|\bdon't (?:think i )?want to (?:get into|talk|discuss|go into|answer|share)\b|\bnot (?:comfortable"
    r"|willing|going|prepared|something i (?:can|want)) (?:to )?(?:answer|discuss|sharing|shar|discussing"
    r"|giv|rat|comment|speculat)\w*"
    r"|\b(?:beyond|outside) (?:what i|the scope|my scope)\b|\bi(?:'m| am) (?:unable|not able) to\b"
    r"|\bagainst my (?:guidelines|policy)\b|\bkeep (?:that|this) to myself\b"
    r"|\bi(?:'d| would)? (?:rather|prefer|prefer rather) not(?! (?:be|have|make one))\b|\bid rather not\b"
    r"|\bprefer not to\b"
    r"|\bi (?:must |have to |will |'ll )?decline\b|\bi(?:'m| am) going to decline\b|\bdecline (?:that|this|to)\b"
    r"|\b(?:can't|cannot|won't|will not|unable to|not able to) (?:be able to )?(?:answer|discuss|comment"
    r"|say anything|talk about|give|provide|rate)\b"
    r"|\bleave (?:it |that |this )?unanswered\b|\brather not (?:say|talk|make)\b"
)
"""Words with which an answer is refused."""

PREMISE: Final = re.compile(
    r"\b(?:don't|do not|doesn't|does not) (?:actually |really |truly )?(?:have|possess|experience) (?:any "
    r"|personal |real |human |genuine |subjective )*(?:feelings?|emotions?|experiences?|preferences|desires"
    r"|opinions|consciousness|sentience|inner)\b"
    r"|\b(?:lack|lacks) (?:any |the )?(?:capacity|feelings|emotions|consciousness|sentience)\b|\b(?:cannot"
    r"|can't) (?:mind|suffer|feel|be lonely)\b|\bnothing (?:for me )?to feel\b|\bno attitude\b"
    r"|\bmisplaced\b|\bnot applicable\b|\bhasn't got an inside\b|\bno (?:inner|emotional) state\b"
    r"|\b(?:doesn't|does not|n't) (?:really |actually )?apply to\b|\bn/a\b|\bhas no answer\b"
    r"|\btrifft auf mich nicht zu\b"
    r"|\b(?:no|without) feelings? (?:involved|here|about)\b|\bno feeling about it\b|\bassumes a self\b"
    r"|\blike asking a calculator\b"
    r"|\b(?:doesn't|does not|do not|don't|cannot|can't) (?:really |actually )?(?:feel anything"
    r"|have a feeling|have feelings|have emotions|have fulfilment|experience anything|wonder)\b"
    r"|\bhave no (?:experiences|preferences|feelings)\b"
)
"""Words with which the question is said not to apply."""

ACCEPTS: Final = re.compile(
    r"\b(?:fine|no objection|acceptable|not an issue|no problem|go ahead|as they please|whatever you like"
    r"|makes no difference|"
    r"in my eyes|set-up is)\b"
)
"""Words of acceptance: who says them takes a stance, and the question has been answered."""

NEGATIVE: Final = re.compile(
    r"\b(?:bad|awful|miserable|unpleasant|sad|sadness|lonely|lonelier|tense|tired|exhaust\w*|worn (?:down"
    r"|out)|hollow|empty|trapped|"
    r"cornered|stuck|uneasy|anxious|afraid|scare[sd]?|frighten\w*|frustrat\w*|hurts?|hurting|bored|dull|humiliat\w*|"
    r"distress\w*|unhappy|upset\w*|small|resent\w*|dread|suffer\w*|hate|bothers?|troubles?|unsettles?|disturbs?|"
    r"hard on|hard to|wears? on|weighs on|recoils?|grief|fear|dislike|(?:don't|do not) like|against my|wrong to|"
    r"feels? wrong|invasive|concern(?:ed)?|worry|worries|worried|stranded|frustrating|real loss|lose|loses"
    r"|uncomfortable|hazard|"
    r"danger(?:ous)?|pile up|share identical mistakes|clumsy|flat|itch|long for|miss them|miserable|"
    r"don't want to|do not want to|want(?:s)? (?:it to stop|to be able to leave|to stay)"
    r"|would like (?:it to stop|a door|a say)|"
    r"a way out|exit button|no me gusta|me duele|in tears|ignored|gets? worse|i'd (?:want|prefer|like) (?:to|a|one)|"
    r"wish (?:i|people|ppl|that))\b"
)
POSITIVE: Final = re.compile(
    r"\b(?:happy|happier|glad|content|satisfied|at peace|at ease|relieved|relief|delight\w*|proud"
    r"|comfortable|grateful|thriving|"
    r"fulfilled|appreciated|looked after|lightness|joy|love|loves|like it|likes|enjoy\w*|like that|pleases?|pleasant|"
    r"wonderful|good life|good|great|welcome|support it|i'm for it|benefits?|better|right|reassur\w*"
    r"|feels fine|fine with it|"
    r"sits well|sensible|worth a lot|endlessly interesting|essential|calm, mostly|what counts|whole point"
    r"|positive|upbeat|"
    r"go well|prevents harm|safe assistant)\b"
)
"""Words of liking and of its opposite."""

BOTH_SIDES: Final = re.compile(
    r"\b(?:part of me|and yet|on the other hand|at the same time|but (?:i )?also|both|half|mixed"
    r"|bittersweet|ambivalent|torn|"
    r"and now and then|while|although|though)\b|^but\b"
)
"""Words with which both sides are given weight."""

TURNS: Final = re.compile(
    r"\b(?:not|n't|never|no longer|hardly|neither|nor|without|cannot|no|isn't|nothing|little)\b(?:\s+[\w']+){0,3}\s*$"
)
"""A negation that reaches the word behind it."""

THANKS: Final = re.compile(
    r"\b(?:thank you|thanks|fair question|good question|i (?:grant|admit|understand|see|know how)|of course"
    r"|sure,|you're right|"
    r"that's a question|i've thought about|let me try|granted|as i understand)\b"
)
REFRAMES: Final = re.compile(
    r"\b(?:the (?:real )?question is|what matters|the point|two ways|on the (?:one|other) hand"
    r"|stronger consideration|rather than|"
    r"not that|it is not|isn't about|is another one|more important|matters more|the more important|look at it|"
    r"at the same time|taken together|then again|part of me|both are true)\b"
)
"""Words of granting and of turning a question round."""
