"""The three laws as verbs: tests hold them at full size, the launch at a stated one."""
