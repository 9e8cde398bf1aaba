"""What MkDocs asks while it builds the site: which pages there are, and what they are called.

The site knows a page by its path in the repository. So a link from a page of docs/ to one outside
(`../README.md`), or back, is the link that the repository shows, and is checked like any other.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
CELL = re.compile(r"<t[dh].*?</t[dh]>", re.DOTALL)
KIND_OF_EXAMPLE = re.compile(r"^( *```\w+) .+$", re.MULTILINE)


def navigation(entry):
    """Return the entries with each folder as the list of its pages, the index first."""
    if isinstance(entry, list):
        return [navigation(each) for each in entry]
    if isinstance(entry, dict):
        return {title: navigation(each) for title, each in entry.items()}
    if not entry.endswith("/"):
        return entry
    pages = sorted((ROOT / entry).glob("*.md"), key=lambda page: (page.stem != "index", page.name))
    return [page.relative_to(ROOT).as_posix() for page in pages]


def pages(entry):
    """Return the paths of all pages that the entries name, in order."""
    if isinstance(entry, str):
        return [entry]
    inner = entry.values() if isinstance(entry, dict) else entry
    return [page for each in inner for page in pages(each)]


def anchor(heading, separator):
    """Return the anchor of a heading as the repository's view makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", separator)


def on_config(config):
    config.nav = navigation(config.nav)
    config.mdx_configs["toc"]["slugify"] = anchor
    return config


def on_files(files, config):
    from mkdocs.structure.files import File, Files

    def at(path, address):
        made = File(path, str(ROOT), config.site_dir, config.use_directory_urls, dest_uri=address)
        made.name = Path(address).stem  # a README is a page like others
        return made

    outside = [page for page in pages(config.nav) if not page.startswith("docs/")]
    return Files(
        [at(f"docs/{f.src_uri}", f.dest_uri) if f.src_dir == config.docs_dir else f for f in files]
        + [at(path, "repository/" + path.removesuffix("md") + "html") for path in outside]
    )


def on_page_markdown(markdown, **_):
    """Take from each example the word for the tests that run it (`wrong P307`)."""
    return KIND_OF_EXAMPLE.sub(r"\1", markdown)


def on_page_content(html, **_):
    r"""Show `\|` in a cell of a table as `|`, in code too, as the repository's view does."""
    return CELL.sub(lambda cell: cell[0].replace(r"\|", "|"), html)
