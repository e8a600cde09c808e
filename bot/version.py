"""The version of Thôn Báo; packaging reads it from here, too. Until it is released it ends in .dev0."""

VERSION = "0.3.0.dev0"
