"""What holds for every test: how long one example takes says nothing on a busy machine."""

from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
