"""Reports as people see them: in Chromium, at the width of a desk and of a phone, in both languages.

Run by `make test-browser`. A page asks for nothing, fits its window, can be read in light, in dark, on paper and
without its script.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pypdfium2
import pytest

from evaluation.report import sample
from gezhi.core.catalogue import Language
from gezhi.evaluation.report import Report, comparison_report, exam_report, gate_report, write

pytestmark = pytest.mark.browser
LANGUAGES = get_args(Language)
KINDS = ("exam", "comparison", "gate")
WIDTHS = (1280, 390)

CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const back = parse(getComputedStyle(node).backgroundColor);
      if (back.length === 3 || back[3] === 1) return back;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || ["SCRIPT", "STYLE", "OPTION"].includes(node.tagName)) continue;
    const style = getComputedStyle(node);
    const ink = light(parse(node.closest("svg") ? style.fill : style.color));
    const [a, b] = [ink, light(behind(node))].sort((p, q) => q - p);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${node.tagName}.${node.className.baseVal ?? node.className} ${ratio.toFixed(2)}`);
  }
  return [...new Set(low)];
}"""
CUT = """() => [...document.querySelectorAll(".drawing svg")].flatMap((svg) => {
  const out = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return !box.width || box.left < out.left - 2 || box.right > out.right + 2 || box.top < out.top - 2
      || box.bottom > out.bottom + 2;
  }).map((text) => text.textContent);
})"""
BOXES = """() => {
  const family = getComputedStyle(document.querySelector(".drawing svg text")).fontFamily;
  const drawn = (letter) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 32;
    const pen = canvas.getContext("2d");
    pen.font = `24px ${family}`;
    pen.fillText(letter, 2, 26);
    return pen.getImageData(0, 0, 32, 32).data.join();
  };
  return new Set(["作", "答", "错", "题"].map(drawn)).size;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    assert program, "no chromium here: run scripts/install-browser.sh"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """Address of each report: by kind and language."""
    folder = tmp_path_factory.mktemp("pages")
    made = {(kind, language): _report(kind, language) for kind in KINDS for language in LANGUAGES}
    for (kind, language), report in made.items():
        write(report, folder / f"{kind}-{language}.html")
    return {(kind, language): (folder / f"{kind}-{language}.html").as_uri() for kind, language in made}


def _report(kind: str, language: Language) -> Report:
    exam = sample.exam(40, reviewed=False)
    run = sample.run(exam)
    if kind == "exam":
        return exam_report(exam, run, language=language)
    if kind == "comparison":
        return comparison_report(
            exam, sample.run(exam, name="keyword", lift=-0.2), run, sample.changes(), language=language
        )
    return gate_report(sample.gate("pass", "inconclusive", "regression"), language=language)


class Visit:
    """A page in a window of its own, and all that it asked for and complained of."""

    def __init__(self, browser: Any, address: str, *, width: int = 1280, **settings: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 844}, offline=True, **settings)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def shown(self) -> list[str]:
        """Ids of the entries that can be seen, from the top."""
        found = self.page.locator(".entry:visible")
        return [one.get_attribute("data-id") for one in found.all()]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_its_window_and_asks_for_nothing(
    chromium: Any, pages: dict[tuple[str, str], str], kind: str, language: str, width: int
) -> None:
    with Visit(chromium, pages[kind, language], width=width) as visit:
        page = visit.page
        page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert all(one.is_visible() for one in page.locator("h1, h2, figcaption, caption").all())
        drawings = [one.bounding_box() for one in page.locator(".drawing svg").all()]
        assert drawings
        assert all(box and box["width"] > 200 and box["height"] > 80 for box in drawings)
        assert page.evaluate(CUT) == []
        assert visit.asked == [pages[kind, language]]
        assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_text_stands_out(
    chromium: Any, pages: dict[tuple[str, str], str], kind: str, scheme: str
) -> None:  # fmt: skip
    with Visit(chromium, pages[kind, "zh"], color_scheme=scheme) as visit:
        dark = visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 25, 27)"
        assert dark is (scheme == "dark")
        visit.page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        assert visit.page.evaluate(CONTRAST) == []


def test_chinese_in_drawings_is_no_row_of_boxes(chromium: Any, pages: dict[tuple[str, str], str]) -> None:
    with Visit(chromium, pages["exam", "zh"]) as visit:
        assert visit.page.evaluate(BOXES) == 4


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_items_are_searched_filtered_and_sorted(
    chromium: Any, pages: dict[tuple[str, str], str], language: str, width: int
) -> None:
    with Visit(chromium, pages["exam", language], width=width) as visit:
        page = visit.page
        assert len(visit.shown()) == 40
        assert visit.shown()[0] == "q003"
        page.locator("[name=words]").fill("TRAVEL ticket")
        assert visit.shown() == [f"q{number:03}" for number in _sorted_like(visit, {4, 10, 16, 22, 28, 34})]
        assert page.locator("output").text_content() == "6"
        page.locator("[name=words]").fill("no such words")
        assert visit.shown() == []
        assert page.locator(".none").is_visible()
        page.locator("[name=words]").fill("")
        page.locator("[name=state]").select_option("refused")
        assert set(visit.shown()) == {"q005", "q012", "q019", "q026", "q033"}
        page.locator("[name=tag]").select_option("english")
        assert set(visit.shown()) == {"q026"}
        page.locator("[name=state]").select_option("")
        page.locator("[name=tag]").select_option("")
        page.locator("[name=order]").select_option("exam")
        assert visit.shown() == [f"q{number:03}" for number in range(40)]


def _sorted_like(visit: Visit, numbers: set[int]) -> list[int]:
    order = [int(one.get_attribute("data-id")[1:]) for one in visit.page.locator(".entry").all()]
    return [number for number in order if number in numbers]


def test_a_mark_leads_to_its_quote(chromium: Any, pages: dict[tuple[str, str], str]) -> None:
    with Visit(chromium, pages["exam", "zh"], width=390) as visit:
        entry = visit.page.locator("[data-id=q001]")
        entry.locator("summary").first.click()
        entry.locator("sup a").first.click()
        target = visit.page.locator(":target")
        assert target.is_visible()
        assert "X1 的保修期" in target.text_content()


def test_an_answer_cannot_run(chromium: Any, pages: dict[tuple[str, str], str]) -> None:
    with Visit(chromium, pages["exam", "zh"]) as visit:
        visit.page.locator("[data-id=q004] summary").first.click()
        assert visit.page.locator("[data-id=q004] .said", has_text="onerror").first.is_visible()
        assert visit.page.title() != "taken"
        assert visit.asked == [pages["exam", "zh"]]
        # Were the escaping to fail, the policy of the page still stands.
        visit.page.evaluate("(html) => document.body.insertAdjacentHTML('beforeend', html)", sample.HOSTILE)
        assert any("Content Security Policy" in one for one in visit.complaints)
        assert visit.page.title() != "taken"


def test_a_page_reads_without_its_script(chromium: Any, pages: dict[tuple[str, str], str]) -> None:
    with Visit(chromium, pages["exam", "en"], java_script_enabled=False) as visit:
        assert len(visit.shown()) == 40
        assert visit.page.locator("form").is_hidden()
        visit.page.locator("[data-id=q001] summary").first.click()
        assert visit.page.locator("[data-id=q001] .said").first.is_visible()


def test_paper_has_what_is_folded(chromium: Any, pages: dict[tuple[str, str], str], tmp_path: Path) -> None:
    with Visit(chromium, pages["exam", "zh"], color_scheme="dark") as visit:
        paper = pypdfium2.PdfDocument(io.BytesIO(visit.page.pdf(format="A4")))
    text = "".join(paper[number].get_textpage().get_text_range() for number in range(len(paper)))
    paper.close()
    assert "参考答案" in text
    assert "搜索" not in text
