"""Mix the weights of several passes: what one learned on top, without losing what the other knew.

Weights that were learned one from the other lie close together, and their mean is often better
than either (Wortsman et al. 2022, model soups).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

COUNTER = "num_batches_tracked"  # no weight: the last one's is kept


def mixed(states: Sequence[Mapping[str, Any]], parts: Sequence[float]) -> dict[str, Any]:
    """Return the weighted mean of the states of one net, tensor by tensor."""
    whole = sum(parts)
    return {
        name: states[-1][name]
        if name.endswith(COUNTER)
        else sum(state[name] * (part / whole) for state, part in zip(states, parts, strict=True))
        for name in states[-1]
    }


def main() -> None:
    """Read what the training wrote down, mix it and write the weights as they are shipped."""
    import torch

    from tools.training.export import export
    from tools.training.garbage import widened
    from tools.training.net import StreetNet

    options = _options()
    states = [widened(torch.load(path, map_location="cpu")["net"]) for path in options.passes]
    net = StreetNet()
    net.load_state_dict(mixed(states, options.parts or [1.0] * len(states)))
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save({"net": net.state_dict()}, options.out / "mean.pt")
    export(net.eval(), size=options.size, path=options.out / "garbage.onnx")
    print(f"written: {options.out / 'garbage.onnx'}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passes", type=Path, nargs="+", help="passN.pt of the training")
    parser.add_argument("--parts", type=float, nargs="+", help="how much of each; equal parts")
    parser.add_argument("--size", type=int, default=320, help="at which the net will look")
    parser.add_argument("--out", type=Path, default=Path("build/garbage"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
