"""The version of Thôn Báo: packaging reads it from here, too. While a release is in work it ends in .dev0."""

VERSION = "0.3.0.dev0"
