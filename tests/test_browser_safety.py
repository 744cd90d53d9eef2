"""Around the sign-in, in a real browser."""

from playwright.sync_api import expect
pytest_plugins = ["tests.browser"]

def test_a(staffed_tool, windows):
    window = windows().open("/intake").sign_in("agent")
    expect(window.heading).to_have_text("登记服务申请")
