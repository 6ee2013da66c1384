"""What pages may load is said with every answer."""

import pytest
from csp.utils import build_policy
from django.conf import settings


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/health", "/accounts/login/", "/no-such-page", "/api/v1/x"])
def test_every_answer_names_the_content_policy(client, address):
    answer = client.get(address)

    policy = answer.headers["Content-Security-Policy"]
    assert policy == build_policy()
    for directive, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items():
        assert f"{directive} {' '.join(sources)}" in policy
