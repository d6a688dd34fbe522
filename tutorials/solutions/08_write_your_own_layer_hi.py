# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# सिर्फ़ आख़िरी अक्ष आधा होता है।

# %%
answer_1 = (None, 12, 12, 5)

# %% [markdown]
# 24 चैनल से 12 बनते हैं, हर एक का एक factor.

# %%
answer_2 = 12

# %% [markdown]
# 5 x 4 x 3 = 60, 5 x 4 x 2 = 40, 5 x 2 x 3 = 30.

# %%
answer_3 = (60, 40, 30)

# %% [markdown]
# Gate आधा कर देती है: 20 से 10, हर अंक के लिए एक।

# %%
answer_4 = 20

# %% [markdown]
# second जितना बढ़े, y उतना ही बढ़ता है: उसका ग्रेडिएंट `gradient` ही है। factor का ग्रेडिएंट gradient x first है, सारी पंक्तियों पर जोड़कर।

# %%
class Mix(Gate):
    def forward(self, ctx, x):
        half = x.shape[-1] // 2
        return ctx.weight("factor") * x[..., :half] + x[..., half:]

    def backward(self, ctx, gradient):
        half = gradient.shape[-1]
        if ctx.gradient("factor") is not None:
            ctx.gradient("factor")[:] += (gradient * ctx.inputs[0][..., :half]).reshape(-1, half).sum(axis=0)
        return np.concatenate([gradient * ctx.weight("factor"), gradient], axis=-1)


answer_5 = Mix
