"""Looking: in parts where a picture is large, enlarged where a head is small; the pinned model."""

import hashlib
from dataclasses import dataclass, field, replace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from chengzhi_redaction import faces as face_model
from chengzhi_redaction.faces import Faces, decode
from chengzhi_redaction.folder import models_folder
from chengzhi_redaction.redactor import Redactor, looked, redactor_from
from chengzhi_redaction.sessions import session
from chengzhi_redaction.setup import FaceModelMissing, checked, face_spec, is_ready, keep
from chengzhi_redaction.types import Area, Found, Picture, Seen, ThingKind


@dataclass
class ColorFinder:
    """Sees one thing, or one part: the smallest rectangle around what has a value."""

    value: int
    looks: list[tuple[int, int]] = field(default_factory=list)

    def _area(self, picture: Picture) -> Area | None:
        self.looks.append(picture.shape[:2])
        rows, columns = np.nonzero((picture == self.value).all(axis=2))
        if not len(rows):
            return None
        x, y = float(columns.min()), float(rows.min())
        return Area(x=x, y=y, w=float(np.ptp(columns)) + 1, h=float(np.ptp(rows)) + 1)

    def things(self, picture: Picture) -> list[Seen]:
        area = self._area(picture)
        return [Seen(kind=ThingKind.PERSON, area=area)] if area else []

    def find(self, picture: Picture) -> list[Found]:
        area = self._area(picture)
        return [Found(area=area, score=0.9)] if area else []


def street(width: int = 280, height: int = 240) -> Picture:
    return np.full((height, width, 3), 90, np.uint8)


def test_a_large_picture_is_looked_at_in_four_parts_too():
    picture, finder = street(1200, 800), ColorFinder(value=255)
    picture[600:700, 1000:1040] = 255

    found = looked(finder, picture)

    assert finder.looks == [(800, 1200)] + [(480, 720)] * 4
    assert {seen.area for seen in found} == {Area(x=1000, y=600, w=40, h=100)}


def test_a_small_head_is_looked_at_again_enlarged_and_found_where_it_is():
    picture, people, faces = street(), ColorFinder(value=255), ColorFinder(value=10)
    picture[100:220, 200:220] = 255
    picture[102:110, 206:216] = 10

    regions = Redactor(things=people, faces=faces).regions(picture)

    assert faces.looks[0] == (240, 280)
    assert max(faces.looks[1]) < 60
    assert [(str(r.kind), round(r.area.x), round(r.area.y)) for r in regions] == [
        ("head", 198, 96),
    ]


def test_what_the_caller_knows_is_hidden_though_nobody_sees_it():
    car = Seen(kind=ThingKind.VEHICLE, area=Area(x=10, y=10, w=100, h=60))
    redactor = Redactor(things=ColorFinder(value=255), faces=None)

    regions = redactor.regions(street(), known=[car])

    assert redactor.method == "things/1"
    assert [str(r.kind) for r in regions] == ["band"]


def test_faces_are_read_from_the_maps_of_the_model():
    heat, size = np.zeros((1, 1, 8, 8), "f4"), np.zeros((1, 2, 8, 8), "f4")
    offset = np.zeros((1, 2, 8, 8), "f4")
    heat[0, 0, 3, 5], heat[0, 0, 3, 6], heat[0, 0, 0, 0] = 0.9, 0.5, 0.1
    size[0, :, 3, 5:7] = np.log([[5.0], [4.0]])  # 20 high, 16 wide

    (face,) = decode([heat, size, offset], floor=0.35, scale=(2.0, 1.0))

    assert face.score == pytest.approx(0.9)
    assert [face.area.x, face.area.y, face.area.w, face.area.h] == pytest.approx([28, 4, 32, 20])


def test_a_folder_without_the_model_of_people_gives_no_redactor(tmp_path):
    assert redactor_from(tmp_path) is None


def small_model() -> bytes:
    """An export of fixed size, as the pinned file is one."""
    picture = helper.make_tensor_value_info("input.1", TensorProto.FLOAT, [10, 3, 32, 32])
    maps = helper.make_tensor_value_info("537", TensorProto.FLOAT, [10, 3, 32, 32])
    graph = helper.make_graph(
        [helper.make_node("Relu", ["input.1"], ["537"])], "g", [picture], [maps]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


def test_the_kept_model_takes_pictures_of_any_size(tmp_path):
    spec = face_spec()

    keep(small_model(), spec=spec, folder=tmp_path)

    shape = onnx.load(tmp_path / face_model.FILE).graph.input[0].type.tensor_type.shape.dim
    assert [dim.dim_param for dim in shape] == ["n", "", "input.1_h", "input.1_w"]
    assert is_ready(spec, folder=tmp_path)
    assert not is_ready(replace(spec, sha256="0" * 64), folder=tmp_path)


def test_a_model_that_is_not_the_pinned_one_is_refused():
    content = small_model()
    mine = replace(face_spec(), sha256=hashlib.sha256(content).hexdigest())

    assert checked(content, spec=mine) == content
    with pytest.raises(FaceModelMissing, match="sha256 与登记值不符"):
        checked(content + b"x", spec=mine)


@pytest.mark.parametrize("keeps_room", [False, True])
def test_a_net_that_is_seldom_asked_gives_back_the_room_of_its_largest_run(keeps_room):
    options = session(small_model(), keeps_room=keeps_room).get_session_options()

    assert options.enable_cpu_mem_arena is keeps_room


def test_the_real_face_model_sees_none_in_an_empty_street_of_any_size():
    folder = models_folder()
    if not (folder / face_model.FILE).is_file():
        pytest.skip("the face model is not here: run chengzhi-vision models")

    assert list(Faces(folder, long_side=224).find(street(333, 201))) == []
