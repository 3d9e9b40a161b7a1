"""The parts of a mail: its headers as text, and which of its bodies is the message and which are attachments."""
