"""Runs Node.js in frontend/: `python -m local.node --run build`, `python -m local.node npm ci`."""

import sys

from local.settings import ROOT
from localcloud import node

FRONTEND = ROOT / "frontend"

if __name__ == "__main__":
    sys.exit(node.run(sys.argv[1:], FRONTEND).returncode)
