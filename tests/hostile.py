"""A study whose every text tries to become markup."""

import small

BAD = '<img src=x onerror="alert(1)">'
WORSE = "</script><script>alert(2)</script>{{ 7*7 }}"


def hostile(folder):
    """Every text that comes from data tries to become markup."""
    small.write(folder)
    small.layer(folder, "communes", small.communes().assign(name=[BAD, WORSE]))
    small.layer(folder, "play_areas", small.play_areas().assign(title=[WORSE, BAD], what=[BAD, WORSE]))
    small.replace(folder, 'id = "site"', 'id = "site"\nname = "title"\nkind = "what"')
    small.replace(folder, 'name = "Small"', f"name = '''{BAD}{WORSE}'''")
    source = {"layer": BAD, "name": WORSE, "attribution": BAD, "licence": WORSE, "url": "javascript:alert(3)"}
    rows = "\n".join(f"{key} = '''{value}'''" for key, value in source.items())
    small.add(folder, f"\n[[sources]]\n{rows}\n")
    return folder
