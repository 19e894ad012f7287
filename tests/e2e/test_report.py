"""The page in a real browser: nothing is fetched, sounds play, decisions come back."""

import shutil

import pytest

import sounds
from lingogram import files

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = sounds.needs_chromium


@pytest.fixture
def open_page():
    """A function that opens a page of a workflow; what it asks for and complains of is kept."""
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )

        def opened(workflow, **options):
            page = browser.new_context(**options).new_page()
            page.asked, page.errors = [], []
            page.on("request", lambda request: page.asked.append(request.url))
            page.on("console", lambda message: page.errors.append(message.text))
            page.on("pageerror", lambda error: page.errors.append(str(error)))
            page.goto((workflow.folder / "results/report.html").as_uri())
            return page

        yield opened
        browser.close()


def test_it_is_part_of_the_report_of_snakemake(finished):
    done = finished.call("--report", "run.html")
    assert done.returncode == 0, done.stderr
    page = (finished.folder / "run.html").read_text()
    assert "results/report.html" in page and "results/dataset/audit.csv" in page
    (finished.folder / "run.html").unlink()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_offline_and_fits(finished, open_page, width, scheme):
    page = open_page(finished, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.errors == [] and {url.split(":")[0] for url in page.asked} <= {"file", "data"}
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert "12" in page.locator(".figures").first.inner_text()
    assert page.locator("figure img").count() == 20  # 12 to review, 8 by flag
    broken = "[...document.images].filter(i => i.getAttribute('src') && !i.naturalWidth).length"
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("[...document.querySelectorAll('figure img')].every(i => i.complete)")
    assert page.evaluate(broken) == 0


@pytest.mark.parametrize("count", [0, 1000])
def test_a_click_shows_and_plays_a_segment(workflow, open_page, count):
    (workflow.folder / "my.yaml").write_text(f"report: {{images: {count}, sounds: {count}}}")
    workflow.run("--configfile", "my.yaml")
    page = open_page(workflow)
    page.locator("#review ~ .sheet img").first.click()
    page.wait_for_function("document.querySelector('dialog audio').duration > 9.9")
    page.wait_for_function("!document.querySelector('dialog audio').paused")
    assert page.locator("dialog").is_visible() and page.errors == []
    source = page.locator("dialog audio").get_attribute("src")
    assert source.startswith("data:audio/wav") == (count > 0)
    assert page.evaluate("document.querySelector('dialog img').naturalWidth") == 500


def test_decisions_are_downloaded_and_fed_back(workflow, open_page):
    page = open_page(workflow)
    cards = page.locator("#review ~ .sheet").first.locator("figure")
    names = [
        (cards.nth(n).get_attribute("data-recording"), cards.nth(n).get_attribute("data-index"))
        for n in range(3)
    ]
    cards.nth(0).locator("[data-decision=drop]").click()
    cards.nth(0).locator("img").press("Space")
    dialog = page.locator("dialog")
    assert dialog.locator("[aria-pressed=true]").inner_text() == "drop"
    for decision in ("keep", "wrong-language"):  # of the second and the third, seen large
        dialog.locator("#next").click()
        assert dialog.locator("[aria-pressed=true]").count() == 0
        dialog.locator(f"[data-decision={decision}]").click()
    assert names[2][0] in dialog.inner_text() and f"segment\xa0{names[2][1]}" in dialog.inner_text()
    dialog.locator("#close").click()
    cards.nth(3).locator("[data-decision=drop]").click()
    cards.nth(3).locator("[data-decision=drop]").click()  # and taken back
    with page.expect_download() as download:
        page.locator("#download").click()
    download.value.save_as(workflow.folder / "decisions.tsv")
    (workflow.folder / "none.tsv").write_text("content\tdecision\n")
    (workflow.folder / "my.yaml").write_text("review: [decisions.tsv, none.tsv]")
    assert workflow.planned("--configfile", "my.yaml") == {"dataset": 1}
    workflow.run("--configfile", "my.yaml")
    table = files.read_table(workflow.folder / "results/dataset/segments.csv")
    decided = {(row["recording"], row["index"]): row for row in table if row["decision"]}
    assert {name: decided[name]["decision"] for name in names} == dict(
        zip(names, ("drop", "keep", "wrong-language"))
    )
    assert [decided[name]["fate"] for name in names[::2]] == ["review", "review"]
    assert len(decided) == 3 and open_page(workflow).locator("figure .asks").count() == 9
