"""Semi-synthetic scenes: real cut-outs put into real fixed-camera clips, with exact truth."""
