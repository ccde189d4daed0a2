"""The laptop cloud: runs the unchanged Pulumi program without any CLI, against an emulator or as a preview."""
