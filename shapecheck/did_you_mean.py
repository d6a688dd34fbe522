"""The intended names of losses, metrics and optimizers: a name that contains the given words ranks before a similar one."""

from __future__ import annotations

from collections.abc import Iterable

ELSEWHERE = {
    "cce": "categorical_crossentropy", "scce": "sparse_categorical_crossentropy", "logloss": "binary_crossentropy",
    "sigmoidcrossentropy": "binary_crossentropy", "bcewithlogits": "binary_crossentropy",
    "softmaxcrossentropy": "categorical_crossentropy", "nll": "sparse_categorical_crossentropy",
    "l1": "mean_absolute_error", "l2": "mean_squared_error", "rmse": "root_mean_squared_error", "gradientdescent": "sgd",
    "auroc": "auc", "rocauc": "auc", "f1": "f1_score", "fscore": "f1_score",
}  # fmt: skip
"""Their names in papers and other libraries, without separators between the words."""
KINDS = ("loss", "metric", "optimizer")
"""Words that only name the kind: "mse_loss", "AdamOptimizer"."""
MOST = 6


def words_of(name: str) -> list[str]:
    """The words of a name in snake_case or CamelCase, in lower case.

    >>> words_of("SparseCategoricalCrossentropy"), words_of("MSE loss"), words_of("kl-divergence")
    (['sparse', 'categorical', 'crossentropy'], ['mse', 'loss'], ['kl', 'divergence'])
    """
    import re

    return re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower())


def likely(given: str, known: Iterable[str]) -> list[str]:
    """The known names that may be intended, the shortest first; [] if none is similar.

    The same letters; else another library's name for it; else all whose words begin so; else all that contain the words
    in their order; else the most similar one. "mse" and "MSE" count once, in lower case.

    >>> likely("sparse_crossentropy", ["binary_crossentropy", "sparse_categorical_crossentropy"])
    ['sparse_categorical_crossentropy']
    >>> likely("CrossEntropyLoss", ["mse", "binary_crossentropy", "categorical_crossentropy"])
    ['binary_crossentropy', 'categorical_crossentropy']
    >>> likely("categorial_crossentropy", ["categorical_crossentropy"]), likely("auc", ["acc", "accuracy"])
    (['categorical_crossentropy'], [])
    """
    given = given[:200]
    names = {"".join(words_of(name)): name for name in sorted(known)}  # lower case sorts last and is kept
    words = [word for word in words_of(given) if word not in KINDS and not word.isdigit()] or words_of(given)
    joined = "".join(words)
    exact = names.get(joined) or names.get(ELSEWHERE.get(joined, "").replace("_", ""))
    if exact or not joined:
        return [exact] if exact else []
    found = [name for name in names.values() if _begins(name, words)] or [name for name in names.values() if _holds(name, words)]
    return sorted(found, key=lambda name: (len(name), name))[:MOST] or _alike(joined, names)


def misspelt(given: str, known: Iterable[str]) -> bool:
    """True if the intended name is certain: one letter more, less or different, or words split differently.

    >>> misspelt("categorical_cross_entropi", ["categorical_crossentropy"]), misspelt("dice_loss", ["dice"])
    (True, False)
    """
    from difflib import get_close_matches

    return bool(get_close_matches("".join(words_of(given[:200])), ["".join(words_of(name)) for name in known], n=1, cutoff=0.9))


def _begins(name: str, words: list[str]) -> bool:
    """True if the words are beginnings of all words of the name: "mean_square_error"."""
    full = words_of(name)
    return len(full) == len(words) and all(map(str.startswith, full, words))


def _holds(name: str, words: list[str]) -> bool:
    """True if each word begins a word of the name, or continues where the one before ended ("cross", "entropy")."""
    import re

    return re.search(r"(?:^|_)" + r"(?:.*_)?".join(map(re.escape, words)), "_".join(words_of(name))) is not None


def _alike(joined: str, names: dict[str, str]) -> list[str]:
    """The same letters in another order ("adma"), else the nearest. With three letters, one difference is too much: "auc" is not "acc"."""
    from difflib import get_close_matches

    turned = [name for letters, name in names.items() if sorted(letters) == sorted(joined)]
    return turned[:1] or [names[found] for found in get_close_matches(joined, names, n=1, cutoff=0.6 if len(joined) > 4 else 0.7)]


def listed(names: Iterable[str]) -> str:
    """The names in quotes, as alternatives.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ("'a'", "'a', 'b' or 'c'")
    """
    *others, last = map(repr, names)
    return f"{', '.join(others)} or {last}" if others else last
