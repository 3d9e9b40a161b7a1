"""Follow-up questions made to stand alone: by the chat model where there is one, else by rules.

The rules know three turns: a bare new topic (那X2呢？ what about the X2?), a pronoun for the last topic, and a question
that names nothing at all. They never have to be right alone: the question as typed is searched too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gezhi.answering.prompt import rewrite_messages
from gezhi.answering.question import codes, language_of
from gezhi.answering.terms import content_terms
from gezhi.core.protocols import ChatModel
from gezhi.core.types import Message, Sampling, Usage
from gezhi.language.sentences import sentences

_BARE_TOPIC = re.compile(
    r"^(?:那么?|还有|换成|如果是|若是)?(?P<zh>[^，。？?]{1,20}?)(?:呢|怎么样|又如何|又怎样)[？?]?$"
    r"|^(?:and|so|then)?,?\s*(?:what|how) about (?P<about>[^?]{1,60})\??$|^and (?P<and>[^?]{1,60})\?$",
    re.IGNORECASE,
)
_PERSON = re.compile(r"他们|她们|他|她|\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_THING = re.compile(
    r"它们|它|其(?!中|他|它|实|余)|(?:这|那|该|此)(?:个|款|种|项|条|些|份|台|件|家|本)?"
    r"(?:产品|东西|型号|公司|制度|规定|项目|设备|政策|流程)?"
    r"(?!么|时|里|儿|样|边)|\b(?:it|its|they|them|their|this one|that one|(?:this|that|the same) "
    r"(?:product|model|company|policy|rule|device|one|project)|this|that|these|those)\b",
    re.IGNORECASE,
)
# What a question asks about comes before these words, or behind these.
_TOPIC_ZH = re.compile(
    r"^(?:请问|关于|那么?|在)?(?P<topic>.{2,24}?)(?:的|是(?!否)|有(?:哪|什|多|几|没)|"
    r"怎么|如何|在哪|为什么|多少|多久|需要|可以|能)"
)
_TOPIC_EN = re.compile(
    r"\b(?:of|for|does|do|is|are|was|were|did|about|has|have|can)\s+"
    r"(?P<topic>(?:the |a |an |our |my )?[\w.\-/]+(?: [\w.\-/]+){0,4}?)"
    r"(?=\s+(?:is|are|was|were|has|have|had|cost|costs|last|take|takes|come|start|end|open|"
    r"work|in|on|at|by|made|located|available|"
    r"called|do|mean|support|need|begin|close|apply|include|based|from|for|to|released|founded)\b|\?|\.|,|$)",
    re.IGNORECASE,
)
_LONGEST = 500


def by_model(model: ChatModel, history: Sequence[Message], question: str) -> tuple[str, Usage]:
    """The question as the model rewrites it, or as it is where the reply is no single short line. Raises ModelError."""
    messages = rewrite_messages(history, question, language_of(question))
    reply = model.reply(messages, Sampling(temperature=0.0, max_tokens=256))
    lines = [line.strip().strip('"“”') for line in reply.text.strip().splitlines() if line.strip()]
    usable = len(lines) == 1 and 0 < len(lines[0]) <= _LONGEST and reply.finish_reason != "length"
    return (lines[0] if usable else by_rule(history, question)), reply.usage


def by_rule(history: Sequence[Message], question: str) -> str:
    """The question with the topic of the last one put where it points to it; unchanged where it points to nothing."""
    asked = next((m.content for m in reversed(history) if m.role == "user"), "")
    said = next((m.content for m in reversed(history) if m.role == "assistant"), "")
    if not asked:
        return question
    bare = _BARE_TOPIC.match(question.strip())
    if bare:
        return _with_topic(asked, next(group for group in bare.groups() if group).strip())
    person = _PERSON.search(question)
    if person:
        return _put(question, person, _first_sentence(said) or topic_of(asked))
    thing = _THING.search(question)
    if thing:
        return _put(question, thing, topic_of(asked))
    if len(content_terms(question)) <= 1 and not codes(question):
        return f"{topic_of(asked)} {question}"
    return question


def topic_of(question: str) -> str:
    """What a question is about: a product number, what stands before 的 or behind "of", else its meaningful words."""
    found = codes(question)
    if found and language_of(question) == "en":
        return f"the {found[0]}" if f"the {found[0].lower()}" in question.lower() else found[0]
    match = _TOPIC_ZH.match(question) if language_of(question) == "zh" else _TOPIC_EN.search(question)
    topic = match["topic"].strip() if match else ""
    if topic and (not found or any(code in topic for code in found)):
        return topic
    return " ".join(found) or question.strip().rstrip("？?。.")


def _with_topic(asked: str, topic: str) -> str:
    """The last question about another topic."""
    topic = re.sub(r"^(?:the|a|an) (?=\S)", "", topic, flags=re.IGNORECASE) if codes(topic) else topic
    old, new = codes(asked), codes(topic)
    if len(old) == 1 and len(new) == 1:
        # 产品X1的保修期 + 那X2呢: only the number changes
        return asked.replace(old[0], new[0])
    if re.match(r"(?:in|on|at|for|with|by|from|after|before|during|as|to)\b", topic, re.IGNORECASE):
        return f"{asked.rstrip('？?。. ')} {topic}?"
    before = topic_of(asked)
    shared = _same_ending(asked, topic)
    if shared:
        return asked.replace(shared, topic, 1)
    return (
        asked.replace(before, topic, 1) if before in asked and before != asked.rstrip("？?。.") else f"{topic} {asked}"
    )


def _same_ending(asked: str, topic: str) -> str:
    """年假 in 年假有几天 for 病假: the stretch of the same length and last character as a short Chinese topic."""
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", topic):
        return ""
    place = asked.find(topic[-1], len(topic) - 1)
    return asked[place - len(topic) + 1 : place + 1] if place >= 0 else ""


def _put(question: str, pointer: re.Match[str], topic: str) -> str:
    possessive = pointer.group().lower() in ("its", "his", "their", "hers", "her")
    apostrophe = "'s" if possessive and language_of(question) == "en" else ""
    joined = topic + ("的" if pointer.group() == "其" else apostrophe)
    return question[: pointer.start()] + joined + question[pointer.end() :]


def _first_sentence(text: str) -> str:
    spans = sentences(text)
    return text[spans[0][0] : spans[0][1]].rstrip("。.！!") if spans and spans[0][1] - spans[0][0] <= 80 else ""
