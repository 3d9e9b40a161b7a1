"""From a question to a cited, checked answer: search, draft, check every sentence, refuse when nothing holds."""

from gezhi.answering.answerer import Answerer
from gezhi.answering.filters import OutputFilter
from gezhi.answering.options import AnswerOptions

__all__ = ["AnswerOptions", "Answerer", "OutputFilter"]
