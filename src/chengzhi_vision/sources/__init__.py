"""Where pictures come from: files, streams, snapshots."""
