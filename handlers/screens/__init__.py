"""What somebody is shown. Each screen takes a viewer and returns a `Reply`, or part of one. No screen knows a message."""
