"""What a SAML provider says of itself, and what is too little to trust it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.sso.models import Connection
from tenants.sso.operations.connections import create_connection
from tenants.sso.saml_metadata import NoMetadata, provider_of
from tests.conftest import nothing_written
from tests.tenants.sso.providers import METADATA


class TestMetadata:
    def test_it_is_read(self):
        provider = provider_of(METADATA)

        assert (provider.entity_id, provider.sso_url) == (
            "https://idp.example/saml",
            "https://idp.example/sso",
        )
        assert len(provider.certificates) == 1

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("https://idp.example/sso", "javascript:alert(1)"),
            ("https://idp.example/sso", "http://10.0.0.1/"),
            ("HTTP-Redirect", "HTTP-POST"),
            ("KeyDescriptor", "Else"),
            ("<md:EntityDescriptor", '<!DOCTYPE x [<!ENTITY a "b">]><md:EntityDescriptor'),
            ("IDPSSODescriptor", "SPSSODescriptor"),
            ("MII", "%%%"),
            ('entityID="https://idp.example/saml"', ""),
        ],
    )
    def test_what_cannot_be_trusted_is_refused(self, alice, old, new):
        assert old in METADATA
        values = {"name": "X", "metadata": METADATA.replace(old, new)}
        with nothing_written(Connection), pytest.raises(Exception, match=r".") as refusal:
            create_connection("saml", values=values, actor=alice.as_actor())
        assert refusal.value.code in ("no_metadata", "address_refused")

    @given(text=st.text(max_size=300))
    def test_anything_else_is_refused_too(self, text):
        with pytest.raises(NoMetadata):
            provider_of(text)
