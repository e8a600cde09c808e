"""The version of Thôn Báo: packaging reads it from here, too."""

VERSION = "0.2.0"
