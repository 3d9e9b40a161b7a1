"""The only XML and HTML parsers for strangers' bytes: no entity is resolved, no DTD loaded, no address opened.

libxml2's own guards against deep nesting and entity floods stay on (`huge_tree=False`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from lxml import etree, html


def xml_root(data: bytes) -> etree._Element:
    """The root of an XML text. Raises etree.XMLSyntaxError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_pis=True
    )
    return etree.fromstring(data, parser)


def xml_elements(file: IO[bytes], *names: str) -> Iterator[etree._Element]:
    """Each element of one of the local names, whole, as the file is read; it is emptied when the next is asked for.

    Raises etree.XMLSyntaxError. An element inside another of `names` comes first and is emptied before it.
    """
    wanted = [f"{{*}}{name}" for name in names]
    events = etree.iterparse(file, tag=wanted, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    for _, element in events:
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def html_root(text: str) -> etree._Element | None:
    """The root of an HTML text however broken; None where there is no element in it.

    Raises RecursionError where elements stand so deep (256) that libxml2 left out what follows.
    """
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    # As bytes with a named encoding: lxml refuses str that carries its own <?xml encoding?> declaration.
    root: etree._Element | None = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise RecursionError("HTML")
    return root
