"""What an administrator does to a camera: register, change, bring its file and its picture."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.forms import CameraForm, CostForm
from chengzhi.vision.queries.cameras import camera_detail
from chengzhi.vision.rules.camera_file import parse_toml
from chengzhi.vision.rules.cost import LABELS, cost_of
from chengzhi.vision.rules.pictures import size_of
from chengzhi.vision.web.parsing import actor_of, moment
from chengzhi.vision.web.refusals import is_done, status_of

FILE_LIMIT = 256 * 2**10
STILL_LIMIT = 10 * 2**20


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Register a camera."""
    actor = actor_of(request)
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    form = CameraForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]

        def register() -> int:
            draft = form.draft(options={})
            return commands.register_camera(code, draft, actor=actor, now=moment())

        if is_done(form, register):
            messages.success(request, _("已登记。接着上传画面，画布控区域。"))
            return redirect("camera-detail", code=code)
    return render(request, "vision/camera_form.html", {"form": form}, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is written about a camera."""
    actor = actor_of(request)
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    shown = camera_detail(actor, code, now=moment())
    written = {**vars(shown.row), "heading": shown.heading, "source": shown.source}
    written |= cost_of(shown.options)
    form = CameraForm(request.POST or None, initial=written)
    form.fields["code"].disabled = True

    def save() -> None:
        draft = form.draft(options=shown.options)
        commands.change_camera(code, draft, actor=actor, now=moment())

    if request.method == "POST" and form.is_valid() and is_done(form, save):
        messages.success(request, _("已保存。识别程序会在一分钟内取到新的设置。"))
        return redirect("camera-detail", code=code)
    context = {"form": form, "camera": shown}
    return render(request, "vision/camera_form.html", context, status=status_of(form))


@login_required
@require_POST
def cost(request: HttpRequest) -> HttpResponse:
    """Set what the chosen cameras may cost."""
    form = CostForm(request.POST)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise InvalidInput(f"{LABELS[name]}：{errors[0]}", field=name)
    changed = commands.set_cost(
        request.POST.getlist("code"), form.cleaned_data, actor=actor_of(request), now=moment()
    )
    said = _("已修改 %(count)d 路摄像头，识别程序会在一分钟内取到新的设置。")
    messages.success(request, said % {"count": changed})
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "camera-list")


@login_required
@require_POST
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Bring a camera to what an uploaded camera file says."""
    sent = request.FILES.get("file")
    if sent is None or sent.size is None or sent.size > FILE_LIMIT:
        raise InvalidInput("请选择不超过256 KB的摄像头文件（.toml）。", field="file")
    read = parse_toml(_text(sent.read()))
    if read.code != code:
        raise InvalidInput(
            f"camera.code：文件属于“{read.code}”，不是“{code}”，请换文件或改编号。",
            field="camera.code",
        )
    commands.import_camera_file(read, actor=actor_of(request), now=moment())
    messages.success(request, _("已按文件更新区域和规则。"))
    return redirect("camera-detail", code=code)


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput("文件不是 UTF-8 文本，请另存为 UTF-8。", field="file") from error


@login_required
@require_POST
def still(request: HttpRequest, code: str) -> HttpResponse:
    """Keep an uploaded picture of the camera."""
    sent = request.FILES.get("still")
    if sent is None or sent.size is None or sent.size > STILL_LIMIT:
        raise InvalidInput("请选择不超过10 MB的画面图片。", field="still")
    content = sent.read()
    commands.set_still(
        code,
        content,
        name=sent.name or "still",
        size=size_of(content, field="still"),
        actor=actor_of(request),
        now=moment(),
    )
    messages.success(request, _("画面已更新。"))
    return redirect("camera-detail", code=code)
