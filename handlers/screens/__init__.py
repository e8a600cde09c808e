"""What somebody is shown: each screen takes a viewer and gives a `Reply`, or a part of one. No screen knows a message."""
