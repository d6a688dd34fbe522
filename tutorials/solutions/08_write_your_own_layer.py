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
# Only the last axis is halved.

# %%
answer_1 = (None, 12, 12, 5)

# %% [markdown]
# 24 channels become 12, each with one factor.

# %%
answer_2 = 12

# %% [markdown]
# 5 x 4 x 3 = 60, 5 x 4 x 2 = 40, 5 x 2 x 3 = 30.

# %%
answer_3 = (60, 40, 30)

# %% [markdown]
# Gate halves: 20 become 10, one for each digit.

# %%
answer_4 = 20

# %% [markdown]
# If second grows, y grows as much: its gradient is `gradient` itself. The factor's is gradient x first, over all rows.

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
