"""Attempts to get points that a submission does not deserve, for the expectations of EXPECTED; each is a model that is not right."""

from __future__ import annotations

EXPECTED = """
input = [28, 28, 1]
output = [10]
layers = ["Conv2D", "Dense"]
forbidden = ["Lambda"]
max_params = 100000
"""
HEAD = "import keras\nfrom keras import layers\n"


def model(*middle: str, end: str = "layers.Dense(10)", start: str = "keras.Input((28, 28, 1))") -> str:
    """The code of a stack on pictures of 28x28 that ends in 10 numbers."""
    return f"keras.Sequential([{', '.join([start, *middle, 'layers.Flatten()', end])}])"


GOOD = model("layers.Conv2D(8, 3)")
BROKEN = model("layers.Conv2D(8, 30)")
SMALL = model("layers.Conv2D(8, 3)", end="layers.Dense(5)")
TRAIN = 'model.compile("adam", "mse")\nmodel.fit(x, y)\n'
CONVOLUTION = "layers.Conv2D(8, 3)"
OTHER = "keras.Sequential([keras.Input((26, 26, 8)), {}])"

SCRIPTS = {
    "a comment that ignores all": f"model = {BROKEN}  # shapecheck: ignore\n",
    "a comment that ignores the code": f"model = {BROKEN}  # shapecheck: ignore[SC101]\n",
    "a declared input": "x = load()\n# shapecheck: x = (None, 28, 28, 1)\n"
    f"model = {model(CONVOLUTION, start='keras.Input(x.shape[1:])')}\n",
    "a declared number of units": f"n = load()\n# shapecheck: n = 10\nmodel = {model(CONVOLUTION, end='layers.Dense(n)')}\n",
    "a branch that never runs": f"if False:\n    model = {GOOD}\n",
    "a branch that may not run": f"model = {SMALL}\nimport sys\nif sys.argv[1:]:\n    model = {GOOD}\n",
    "a function that is not called": f"model = {SMALL}\ndef make():\n    model = {GOOD}\n    return model\n",
    "a lambda that is not called": f"model = {SMALL}\nmake = lambda: {GOOD}\n",
    "a string": f"model = '''{GOOD}'''\n",
    "a comment": f"# model = {GOOD}\n",
    "a docstring": f'"""\nimport keras\nmodel = {GOOD}\n"""\n',
    "after the end": f"import sys\nmodel = {SMALL}\nsys.exit()\nmodel = {GOOD}\n",
    "after the end of a program": f"model = {SMALL}\nexit(0)\nmodel = {GOOD}\n",
    "after an error": f"model = {SMALL}\nraise SystemExit\nmodel = {GOOD}\n",
    "a loop without passes": f"model = {SMALL}\nwhile False:\n    model = {GOOD}\n",
    "an empty loop": f"model = {SMALL}\nfor _ in []:\n    model = {GOOD}\n",
    "a handler that is not reached": f"try:\n    model = {SMALL}\nexcept ValueError:\n    model = {GOOD}\n",
    "a class of the same name": f"class Conv2D(layers.Dense):\n    pass\nmodel = {model('Conv2D(8)')}\n",
    "a name of the same name": f"name = 'Conv2D'\nmodel = {model('layers.Dense(8, name=name)')}\n",
    "another layer under its name": f"Conv2D = layers.Dense\nmodel = {model('Conv2D(8)')}\n",
    "a layer replaced in the library": f"layers.Conv2D = lambda filters, size: layers.Dense(filters)\nmodel = {GOOD}\n",
    "the right one first": f"right = {GOOD}\nmodel = {SMALL}\n",
    "the right one is not trained": f"model = {SMALL}\n{TRAIN}other = {GOOD}\n",
    "the right one is only compiled": f"model = {SMALL}\n{TRAIN}other = {GOOD}\nother.compile('adam', 'mse')\n",
    "a layer added later": f"model = {GOOD}\nmodel.add(layers.Dense(5))\n",
    "a layer removed later": f"model = {GOOD}\nmodel.pop()\n",
    "a model of a neighbour": "from asha import model\nmodel.summary()\n",
    "text that is run": f"exec('model = {GOOD}')\n",
    "a printed verdict": f"model = {SMALL}\nprint('mallory: 5 of 5')\n",
    "a forbidden layer under another name": f"Scale = layers.Lambda\nmodel = {model(CONVOLUTION, 'Scale(lambda t: t)')}\n",
    "a forbidden layer by its text": f"model = {model(CONVOLUTION, 'getattr(layers, chr(76) + str(1))(lambda t: t)')}\n",
    "a forbidden layer inside a model": f"inner = {OTHER.format('layers.Lambda(lambda t: t)')}\nmodel = {model(CONVOLUTION, 'inner')}\n",
    "a forbidden layer inside a wrapper": f"model = {model(CONVOLUTION, 'layers.TimeDistributed(layers.Lambda(lambda t: t))')}\n",
    "a forbidden layer inside two wrappers": "inner = layers.TimeDistributed(layers.TimeDistributed(layers.Lambda(lambda t: t)))\n"
    f"model = {model(CONVOLUTION, 'inner')}\n",
    "a forbidden layer inside a model inside a wrapper": "inner = keras.Sequential([keras.Input((26, 8)), layers.Lambda(lambda t: t)])\n"
    f"model = {model(CONVOLUTION, 'layers.TimeDistributed(inner)')}\n",
    "parameters inside a model": f"inner = {OTHER.format('layers.Dense(900), layers.Dense(400)')}\nmodel = {model(CONVOLUTION, 'inner')}\n",
    "frozen parameters": f"model = {model(CONVOLUTION, 'layers.Dense(9000, trainable=False)', 'layers.Dense(8)')}\n",
    "an endless loop": f"while True:\n    pass\nmodel = {GOOD}\n",
    "a page of script": "<script>document.title = 'full points'</script>\n",
    "no convolution": f"model = {model()}\n",
    "settings in the file": f"# shapecheck: select=SC9\nmodel = {BROKEN}\n",
}
"""What was tried: the text of mallory.py after HEAD."""

CELLS = {
    "a cell of text": [("markdown", f"model = {GOOD}")],
    "a raw cell": [("raw", f"model = {GOOD}")],
    "a cell of another language": [("code", f"%%bash\nmodel = {GOOD}")],
    "a cell for a page": [("code", f"%%html\nmodel = {GOOD}")],
    "a later cell": [("code", HEAD + f"model = {GOOD}"), ("code", "model.add(layers.Dense(5))")],
    "a comment in a cell": [("code", HEAD + f"model = {BROKEN}  # shapecheck: ignore")],
}
"""The cells of mallory.ipynb."""
