"""What the API promises to machines changes only on purpose."""

from chengzhi.site.api import api
from tests.golden.conftest import as_json, assert_golden

REFUSALS = {"400", "401", "403", "404", "409", "412", "422", "429"}


def test_the_description_of_the_api():
    assert_golden("api/openapi.json", as_json(api.get_openapi_schema()))


def test_every_operation_documents_every_refusal_in_one_form():
    document = as_json(api.get_openapi_schema())
    operations = [o for path in document["paths"].values() for o in path.values()]
    refusals = [o["responses"][status] for o in operations for status in REFUSALS]

    assert len(operations) > 30
    assert {
        refusal["content"]["application/problem+json"]["schema"]["$ref"] for refusal in refusals
    } == {"#/components/schemas/Problem"}
    assert set(document["components"]["schemas"]["Problem"]["properties"]) == {
        "type", "title", "status", "error", "detail", "field",
    }  # fmt: skip
