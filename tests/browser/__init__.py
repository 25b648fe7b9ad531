"""What people do with the shop, in a real browser: headless Chromium at a desk's width and at a phone's."""
