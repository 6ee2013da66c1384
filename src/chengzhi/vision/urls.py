"""Addresses of the review desk, the findings and the cameras."""

from django.urls import URLPattern, path

from chengzhi.vision.web import (
    calibration,
    cameras,
    desk,
    findings,
    importing,
    manage,
    plan,
    score_policies,
    training,
    trials,
)

urlpatterns: list[URLPattern] = [
    path("vision/review/", desk.review, name="finding-review"),
    path("vision/findings/", findings.findings, name="finding-list"),
    path("vision/findings/<int:pk>/", findings.finding, name="finding-detail"),
    path("vision/findings/<int:pk>/confirm/", desk.confirm, name="finding-confirm"),
    path("vision/findings/<int:pk>/reject/", desk.reject, name="finding-reject"),
    path("vision/findings/<int:pk>/merge/", desk.merge, name="finding-merge"),
    path("vision/findings/<int:pk>/reopen/", desk.reopen, name="finding-reopen"),
    path("vision/findings/<int:pk>/bring-up/", calibration.bring_up, name="finding-bring-up"),
    path("vision/findings/<int:pk>/recheck/", findings.recheck, name="finding-recheck"),
    path("vision/training/", training.training_set, name="training-set"),
    path("vision/training/file/", training.training_file, name="training-set-file"),
    path("vision/thresholds/", calibration.thresholds, name="threshold-list"),
    path("vision/thresholds/policies/", score_policies.policies, name="score-policies"),
    path("vision/thresholds/policies/new/", score_policies.publish, name="score-policy-add"),
    path("vision/thresholds/policies/<int:pk>/end/", score_policies.end, name="score-policy-end"),
    path(
        "vision/thresholds/versions/<int:pk>/accept/", calibration.accept, name="threshold-accept"
    ),
    path(
        "vision/thresholds/versions/<int:pk>/decline/",
        calibration.decline,
        name="threshold-decline",
    ),
    path("vision/thresholds/of/<str:kind>/", calibration.threshold, name="threshold-detail"),
    path("vision/thresholds/of/<str:kind>/change/", calibration.change, name="threshold-change"),
    path(
        "vision/thresholds/of/<str:kind>/take-back/",
        calibration.take_back,
        name="threshold-take-back",
    ),
    path("vision/health/", cameras.health, name="camera-health"),
    path("vision/cameras/", cameras.cameras, name="camera-list"),
    path("vision/cameras/new/", manage.add, name="camera-add"),
    path("vision/cameras/import/", importing.cameras, name="camera-import"),
    path("vision/cameras/at/<str:code>/", cameras.camera, name="camera-detail"),
    path("vision/cameras/at/<str:code>/change/", manage.change, name="camera-change"),
    path("vision/cameras/at/<str:code>/plan/", plan.plan, name="camera-plan"),
    path("vision/cameras/at/<str:code>/plan/save/", plan.save, name="camera-plan-save"),
    path(
        "vision/cameras/at/<str:code>/plan/<int:version>/restore/",
        plan.restore,
        name="camera-plan-restore",
    ),
    path("vision/cameras/at/<str:code>/trials/", trials.ask, name="camera-trial-ask"),
    path("vision/trials/<int:pk>/", trials.trial, name="trial-detail"),
    path("vision/trials/<int:pk>/discard/", trials.discard, name="trial-discard"),
    path("vision/trials/<int:pk>/switch-on/", trials.switch_on, name="trial-switch-on"),
    path("vision/trials/<int:pk>/pictures/<int:picture>/", trials.picture, name="trial-picture"),
    path("vision/cameras/at/<str:code>/still/ask/", plan.ask_still, name="camera-still-ask"),
    path("vision/cameras/at/<str:code>/still/state/", plan.still, name="camera-still-state"),
    path("vision/cameras/at/<str:code>/still/", manage.still, name="camera-still"),
    path("vision/cameras/at/<str:code>/file/", manage.upload, name="camera-upload"),
    path("vision/cameras/at/<str:code>/camera.toml", cameras.download, name="camera-file"),
]
