from django.template import Context, Engine
from django.utils import translation

ENGINE = Engine(libraries={"i18n": "django.templatetags.i18n", "look": "webmail.web.templatetags.look"})


def drawn(template, language, **values):
    with translation.override(language):
        return template.render(Context(values))


def test_once_for_each_language_and_value():
    template = ENGINE.from_string(
        "{% load i18n look %}{% steady theme %}{% translate 'Yes' %} {{ theme }} {{ times }}{% endsteady %}"
    )
    assert drawn(template, "en", theme="dark", times=1) == "Yes dark 1"
    assert drawn(template, "en", theme="dark", times=2) == "Yes dark 1"
    assert drawn(template, "en", theme="light", times=3) == "Yes light 3"
    assert drawn(template, "nb", theme="dark", times=4) == "Ja dark 4"
    assert drawn(template, "en", theme="dark", times=5) == "Yes dark 1"


def test_values_are_escaped_inside_as_elsewhere():
    template = ENGINE.from_string("{% load look %}{% steady name %}{{ name }}{% endsteady %}")
    assert drawn(template, "en", name="<b>") == "&lt;b&gt;"
    assert drawn(template, "en", name="<b>") == "&lt;b&gt;"
