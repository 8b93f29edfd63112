"""How known clients sign in. One file a client; PROFILES is the table, in the order in which the form offers them."""

from actionstudio.apps.signin.profiles import gpt, librechat, mcp, plugin
from actionstudio.apps.signin.profiles.profile import Profile

__all__ = ["PROFILES", "Profile"]

PROFILES: dict[str, Profile] = {one.key: one for one in (gpt.PROFILE, plugin.PROFILE, librechat.PROFILE, mcp.PROFILE)}
