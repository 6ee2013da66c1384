"""The two texts of a training set: a line for every finding, and annotations as COCO has them.

COCO: Lin et al., Microsoft COCO, arXiv:1405.0312, "instances": images, annotations, categories;
a box is left, top, width, height in pixels of the picture that lies beside it.
"""

import json
from collections.abc import Sequence
from typing import Any

from chengzhi.vision.types import TrainingPicture, TrainingRow

README = """Chengzhi training set.

manifest.jsonl    one line for every reviewed finding: camera, kind, box, score, model, verdict,
                  reason, what the reason speaks against, hashes, state of redaction
annotations.json  the true findings as COCO "instances"; false ones are listed as pictures without
                  an annotation (hard negatives) where their reason speaks against the detector
images/           the pictures, named by the hash of the original
garbage/          what was said of garbage and bins, for the shipped detector: images/ are cut-outs
                  of the pictures, labels/ their boxes (YOLO; 0 garbage, 1 bin, 2 overflowing bin).
                  An empty label file: the detector was wrong, there is none of the three. Unpack
                  and give this folder to `make split-photos` (docs/howto/train-garbage.md)

Duplicates and findings rejected for a permit, a rule or a zone are in the manifest only: their
picture shows a real thing. `weight` is one over the chance with which a finding was shown.
"""


def manifest_line(row: TrainingRow, picture: TrainingPicture | None, *, withheld: str) -> str:
    """Return one line of the manifest."""
    return json.dumps(
        {
            "finding": row.finding_id,
            "camera": row.camera,
            "class": row.kind,
            "matter_code": row.matter_code,
            "zone": row.zone,
            "box": box_in(row, picture),
            "score": row.score,
            "model": row.model,
            "model_version": row.model_version,
            "verdict": row.verdict,
            "reason": row.reason,
            "speaks_against": row.blames,
            "note": row.note,
            "at": row.alarm_at,
            "explored": row.explored,
            "weight": round(1 / row.shown_share, 4),
            "original_sha256": row.original,
            "image": picture.name if picture else None,
            "image_sha256": picture.sha256 if picture else None,
            "redaction": picture.state if picture else "withheld",
            "withheld": withheld,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def box_in(row: TrainingRow, picture: TrainingPicture | None) -> list[float]:
    """Return the box in pixels of the picture that lies in the set; a copy may be smaller."""
    if picture is None or not row.width or not row.height:
        return list(row.bbox)
    fx, fy = picture.width / row.width, picture.height / row.height
    x, y, w, h = row.bbox
    return [round(x * fx, 1), round(y * fy, 1), round(w * fx, 1), round(h * fy, 1)]


def coco(shown: Sequence[tuple[TrainingRow, TrainingPicture]]) -> dict[str, Any]:
    """Return the annotations of the pictures that a detector may learn from."""
    learnt = [pair for pair in shown if is_lesson(pair[0])]
    kinds = sorted({row.kind for row, _ in learnt})
    numbers = {name: i for i, name in enumerate(dict.fromkeys(p.name for _, p in learnt), start=1)}
    images = {p.name: p for _, p in learnt}
    true = [(row, picture) for row, picture in learnt if row.verdict == "true"]
    return {
        "images": [
            {
                "id": number,
                "file_name": name,
                "width": images[name].width,
                "height": images[name].height,
            }
            for name, number in numbers.items()
        ],
        "annotations": [
            _annotation(number, row, picture, numbers[picture.name], kinds)
            for number, (row, picture) in enumerate(true, start=1)
        ],
        "categories": [{"id": i, "name": kind} for i, kind in enumerate(kinds, start=1)],
    }


def is_lesson(row: TrainingRow) -> bool:
    """Return whether a detector may learn from the picture: it is right, or wrong by its own fault."""
    return row.verdict == "true" or (row.verdict == "false" and row.blames == "detector")


def _annotation(
    number: int, row: TrainingRow, picture: TrainingPicture, image: int, kinds: Sequence[str]
) -> dict[str, Any]:
    box = box_in(row, picture)
    return {
        "id": number,
        "image_id": image,
        "category_id": kinds.index(row.kind) + 1,
        "bbox": box,
        "area": round(box[2] * box[3], 1),
        "iscrowd": 0,
        "finding": row.finding_id,
    }
